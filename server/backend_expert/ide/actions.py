"""Actions: what the light bulb offers, and the edits of each of them."""

from collections.abc import Iterator

import msgspec

from backend_expert.facts.code import Text, walk
from backend_expert.ide.desk import checked_uri
from backend_expert.ide.fixes import edits_of, fix_all, sure
from backend_expert.ide.kinds import wanted
from backend_expert.ide.types import Action, FileEdit
from backend_expert.lint.checked import UNUSED, Checked, Problem
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Snapshot

QUICK = "quickfix"
FIX_ALL = "source.fixAll.backendExpert"
LEADERS = {"python": "#", "sql": "--"}


class Ticket(msgspec.Struct, frozen=True, array_like=True):
    """An action's id: enough to make its edits later, for this version of the file only.

    what: `fix`, `fix-rule`, `fix-all` or `silence`. start, end: the finding's span.
    """

    what: str
    uri: str
    version: int
    rule: str = ""
    start: int = 0
    end: int = 0


def actions(snapshot: Snapshot, uri: str, span: Span, kinds: tuple[str, ...]) -> list[Action]:
    """The actions at `span`, of the kinds asked for (all when none are named)."""
    checked = checked_uri(snapshot, uri)
    if checked is None or checked.document.skipped:
        return []
    found: list[Action] = []
    if wanted(QUICK, kinds):
        here = [(p, place) for p, place in checked.all() if place.overlaps(span)]
        here.sort(key=lambda pair: (len(pair[1]), pair[1]))
        found += _fixes(checked, here)
        found += _silences(checked, here)
    if wanted(FIX_ALL, kinds) and sure(checked):
        ticket = Ticket("fix-all", uri, checked.document.version)
        found.append(Action(_id(ticket), "Fix all that Backend Expert is sure of", FIX_ALL))
    return found


def _fixes(checked: Checked, here: list[tuple[Problem, Span]]) -> Iterator[Action]:
    document = checked.document
    for problem, place in here:
        fix = problem.finding.fix
        if fix is None:
            continue
        rule = problem.rule
        ticket = Ticket("fix", document.uri, document.version, rule.id, place.start, place.end)
        yield Action(_id(ticket), fix.title, QUICK, fix.is_sure, rules=(rule.id,))
        alike = [p for p, _ in checked.all() if p.rule is rule and p.finding.fix]
        if len(alike) > 1 and all(p.finding.fix and p.finding.fix.is_sure for p in alike):
            ticket = Ticket("fix-rule", document.uri, document.version, rule.id)
            title = f"{fix.title} — all {len(alike)} in this file"
            yield Action(_id(ticket), title, QUICK, rules=(rule.id,))


def _silences(checked: Checked, here: list[tuple[Problem, Span]]) -> Iterator[Action]:
    document = checked.document
    for problem, place in here:
        if problem.rule.id != UNUSED:
            ticket = Ticket(
                "silence", document.uri, document.version, problem.rule.id, place.start, place.end
            )
            title = f"Ignore {problem.rule.id} here, with a reason"
            yield Action(_id(ticket), title, QUICK, rules=(problem.rule.id,))


def _id(ticket: Ticket) -> str:
    return msgspec.json.encode(ticket).decode()


def resolve(snapshot: Snapshot, action_id: str) -> tuple[FileEdit, ...]:
    """The edits of an action; none when the file has changed since it was offered."""
    try:
        ticket = msgspec.json.decode(action_id, type=Ticket)
    except msgspec.DecodeError:
        return ()
    checked = checked_uri(snapshot, ticket.uri)
    if checked is None or checked.document.version != ticket.version:
        return ()
    edits = tuple(_edits(checked, ticket))
    return (FileEdit(ticket.uri, ticket.version, edits),) if edits else ()


def _edits(checked: Checked, ticket: Ticket) -> list[Edit]:
    if ticket.what in ("fix-all", "fix-rule"):
        return _all_edits(checked, ticket.rule)
    for problem, place in checked.all():
        if problem.rule.id == ticket.rule and place == Span(ticket.start, ticket.end):
            if ticket.what == "fix":
                return list(edits_of(checked, problem))
            return [silencing(checked, problem, place)]
    return []


def _all_edits(checked: Checked, rule: str) -> list[Edit]:
    """One edit from the file's text to what it is after all sure fixes (of one rule)."""
    document = checked.document

    def check(fresh: Document) -> Checked:
        return Checked(fresh, checked.file.path, checked.scope)

    fixed = fix_all(checked, check, (lambda p: p.rule.id == rule) if rule else None)
    return list(difference(document.text, fixed.text))


def difference(old: str, new: str) -> Iterator[Edit]:
    """The edits that make `new` of `old`, line by line, so that cursors and folds stay."""
    import difflib

    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    starts = [0]
    for line in before:
        starts.append(starts[-1] + len(line))
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, first, last, low, high in matcher.get_opcodes():
        if tag != "equal":
            yield Edit(Span(starts[first], starts[last]), "".join(after[low:high]))


def silencing(checked: Checked, problem: Problem, place: Span) -> Edit:
    """The comment that silences a problem, where a comment can stand."""
    document = checked.document
    leader = LEADERS.get(checked.file.family, "//")
    words = f"{leader} backend-expert: ignore[{problem.rule.id}] reason: "
    end = place.end
    for statement in problem.item.body:
        for node in walk(statement):
            # Behind a text that goes over several lines: inside it a comment would be text.
            if isinstance(node, Text) and node.span.covers(problem.span):
                end = max(end, node.span.end + place.start - problem.span.start)
    line = document.position(end)[0]
    text = document.line_text(line)
    at = document.line_start(line) + len(text.rstrip())
    if text.rstrip().endswith("\\"):
        first = document.position(place.start)[0]
        start = document.line_start(first)
        indent = document.line_text(first)
        blanks = indent[: len(indent) - len(indent.lstrip())]
        return Edit(Span(start, start), f"{blanks}{words}{document.newline}")
    return Edit(Span(at, at), f"  {words}")
