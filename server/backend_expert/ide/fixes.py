"""Fixes: what a finding's fix changes in its document, and making all the sure ones at once."""

import re
from collections.abc import Callable, Iterable

import msgspec

from backend_expert.ide.imports import import_edits
from backend_expert.lint.checked import Checked, Problem
from backend_expert.text.edit import Edit, apply
from backend_expert.workspace.document import Document

# A fix may uncover the next; one that uncovers itself again and again ends here.
MOST_ROUNDS = 12

Check = Callable[[Document], Checked]


class Fixed(msgspec.Struct, frozen=True, eq=False):
    """A document after its fixes: the last check, how many were made, and which could not be."""

    checked: Checked
    made: int = 0
    refused: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        """The text with all fixes made."""
        return self.checked.document.text


def edits_of(checked: Checked, problem: Problem) -> tuple[Edit, ...]:
    """The edits of a problem's fix in the document, the imports it needs among them."""
    fix = problem.finding.fix
    start = checked.start_of(problem.item)
    if fix is None or start is None:
        return ()
    newline = checked.document.newline
    edits = [Edit(edit.span.moved(start), _with_newline(edit.text, newline)) for edit in fix.edits]
    if fix.imports:
        edits += import_edits(checked.document, fix.imports)
    return tuple(edits)


def _with_newline(text: str, newline: str) -> str:
    """`text` with the line ends of the file; rules write `\\n`."""
    return text if newline == "\n" else re.sub(r"\r?\n", newline, text)


def sure(checked: Checked) -> list[Problem]:
    """The problems whose fix can be made without a look."""
    return [p for p, _ in checked.all() if p.finding.fix is not None and p.finding.fix.is_sure]


def together(checked: Checked, problems: Iterable[Problem]) -> tuple[list[Edit], list[Problem]]:
    """The edits of as many problems as can be mended at once, and those problems.

    A fix whose edits meet another's waits for the next round; an insertion that two of them share
    (an import) is made once.
    """
    edits: dict[Edit, None] = {}
    chosen: list[Problem] = []
    for problem in problems:
        mine = edits_of(checked, problem)
        if mine and not any(_meets(edit, mine) for edit in edits):
            edits.update(dict.fromkeys(mine))
            chosen.append(problem)
    return list(edits), chosen


def fix_all(
    checked: Checked, check: Check, wanted: Callable[[Problem], bool] | None = None
) -> Fixed:
    """Makes all sure fixes, round by round, and keeps none that adds a fault of syntax.

    `check` checks a new version. `wanted` narrows the choice (one rule's fixes, say).
    """
    made = 0
    refused: list[Problem] = []
    for _ in range(MOST_ROUNDS):
        known = {_key(checked, problem) for problem in refused}
        problems = [
            problem
            for problem in sure(checked)
            if (wanted is None or wanted(problem)) and _key(checked, problem) not in known
        ]
        if not problems:
            break
        edits, chosen = together(checked, problems)
        after = _after(checked, edits, check) if edits else None
        if after is not None:
            checked, made = after, made + len(chosen)
            continue
        if len(chosen) > 1:
            checked, count = _one_by_one(checked, chosen, check, refused)
            made += count
        else:
            refused += chosen or problems
    return Fixed(checked, made, tuple(refused))


def _one_by_one(
    checked: Checked, chosen: list[Problem], check: Check, refused: list[Problem]
) -> tuple[Checked, int]:
    """Some fix of `chosen` breaks the file: makes the first that does not, refuses the others."""
    for problem in chosen:
        after = _after(checked, edits_of(checked, problem), check)
        if after is not None:
            return after, 1
        refused.append(problem)
    return checked, 0


def _after(checked: Checked, edits: Iterable[Edit], check: Check) -> Checked | None:
    """The check of the document after `edits`; None when they do not fit or break the syntax."""
    document = checked.document
    try:
        text = apply(document.text, edits)
    except ValueError:
        return None
    if text == document.text:
        return None
    version = document.version + 1
    fresh = Document.open(
        document.uri, text, path=document.path, language=document.language, version=version
    )
    if faults(fresh) > faults(document) or fresh.skipped:
        return None
    return check(fresh)


def faults(document: Document) -> int:
    """How many places of a document the parser could not read."""
    return sum(len(piece.item.faults) for piece in document.pieces)


def _meets(one: Edit, others: Iterable[Edit]) -> bool:
    """Whether two edits cannot be made at once; equal insertions and touching ones can."""
    for other in others:
        if one == other:
            continue
        if one.span == other.span and not len(one.span):
            continue  # two imports at one place
        if one.span.start < other.span.end and other.span.start < one.span.end:
            return True
        if not len(one.span) and other.span.start < one.span.start < other.span.end:
            return True
        if not len(other.span) and one.span.start < other.span.start < one.span.end:
            return True
    return False


def _key(checked: Checked, problem: Problem) -> tuple[str, str, str]:
    """What a problem is, whichever version it is found in."""
    start = checked.start_of(problem.item) or 0
    span = problem.span.moved(start)
    return problem.rule.id, problem.finding.message, checked.document.slice(span.start, span.end)
