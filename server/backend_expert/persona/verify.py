"""The proof: an edit is applied in memory, parsed and checked before anyone sees it."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from backend_expert.ide.fixes import faults
from backend_expert.lint.checked import Checked
from backend_expert.persona.place import Place
from backend_expert.text.edit import Edit, apply
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document


class Proof(msgspec.Struct, frozen=True, eq=False):
    """What became of an edit: the text after it, and the reasons to refuse it (none: it holds).

    mended: rule ids of findings that are gone, with how many.
    """

    text: str
    reasons: tuple[str, ...] = ()
    mended: dict[str, int] = {}

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against the edit."""
        return not self.reasons


class _Told(msgspec.Struct, frozen=True):
    """A finding, and whether it stands where the edit was made."""

    rule: str
    message: str
    is_inside: bool


def prove(
    place: Place,
    edits: Sequence[Edit],
    *,
    scope: Sequence[Span] | None = None,
    claims: Iterable[str] = (),
) -> Proof:
    """Proves edits of the place's document: they fit, stay in bounds, parse, and bring nothing new.

    `scope` has the spans that may be edited (None: the whole file). `claims` are the rules of
    which the edits say that they mend a finding.
    """
    before = _as_edited(place.checked)
    document = before.document
    try:
        text = apply(document.text, edits)
    except ValueError as error:
        return Proof(document.text, (f"the edits do not fit the text: {error}",))
    fresh = Document.open(
        document.uri,
        text,
        path=document.path,
        language=document.language,
        version=document.version + 1,
    )
    reasons = [*_strays(document, edits, scope)]
    if fresh.skipped:
        reasons.append(fresh.skipped)
    if faults(fresh) > faults(document):
        reasons.append("the edited text does not parse")
    after = Checked(fresh, before.file.path, before.scope)
    old, new = _regions(document, fresh, edits)
    had, has = _findings(before, old), _findings(after, new)
    reasons += _brought(had, has)
    mended = Counter(one.rule for one in had) - Counter(one.rule for one in has)
    reasons += [f"it says that it mends {rule}, but the finding is still there"
                for rule in dict.fromkeys(claims) if rule not in mended]  # fmt: skip
    return Proof(text, tuple(reasons), dict(mended))


def _as_edited(checked: Checked) -> Checked:
    """The document with what would be found in it once it is edited.

    In a merged migration most rules say nothing; an edit makes it a changed one, so what they then
    say of the rest of it is nothing new.
    """
    if not checked.file.is_merged:
        return checked
    old = checked.document
    same = Document.open(
        old.uri, old.text, path=old.path, language=old.language, version=old.version
    )
    return Checked(same, checked.file.path, checked.scope.without_history)


def _strays(
    document: Document, edits: Sequence[Edit], scope: Sequence[Span] | None
) -> Iterable[str]:
    """A reason for each edit that leaves the part of the file that was asked about."""
    for edit in edits:
        if scope is not None and not any(span.covers(edit.span) for span in scope):
            line = document.position(edit.span.start)[0] + 1
            yield f"it edits line {line}, which lies outside of what was asked about"


def _regions(
    document: Document, fresh: Document, edits: Sequence[Edit]
) -> tuple[list[Span], list[Span]]:
    """The lines that the edits touch, in the old text and in the new one."""
    old: list[Span] = []
    new: list[Span] = []
    shift = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        old.append(_lines(document, edit.span))
        start = edit.span.start + shift
        new.append(_lines(fresh, Span(start, start + len(edit.text))))
        shift += len(edit.text) - len(edit.span)
    return old, new


def _lines(document: Document, span: Span) -> Span:
    first, last = document.position(span.start)[0], document.position(span.end)[0]
    return Span(document.line_start(first), document.line_start(last + 1))


def _findings(checked: Checked, regions: list[Span]) -> Counter[_Told]:
    return Counter(
        _Told(problem.rule.id, problem.finding.message, any(r.overlaps(span) for r in regions))
        for problem, span in checked.all()
    )


def _brought(had: Counter[_Told], has: Counter[_Told]) -> Iterable[str]:
    """A reason for each rule that speaks more often than before, where the edit is or elsewhere.

    Inside and outside count apart, so that a finding mended there does not pay for one made here;
    a finding that says the same as before has only moved.
    """
    said, says = _unplaced(had), _unplaced(has)
    gone, come = said - says, says - said
    before, after = _by_rule(had, gone), _by_rule(has, come)
    brought: Counter[str] = Counter()
    for (rule, _), number in (after - before).items():
        brought[rule] += number
    for rule, number in brought.items():
        more = "a new finding" if number == 1 else f"{number} new findings"
        yield f"it brings {more} of {rule}"


def _unplaced(findings: Counter[_Told]) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    for one, number in findings.items():
        counted[one.rule, one.message] += number
    return counted


def _by_rule(
    findings: Counter[_Told], wanted: Counter[tuple[str, str]]
) -> Counter[tuple[str, bool]]:
    """How often each rule speaks inside and outside, of the messages that are wanted."""
    left = Counter(wanted)
    counted: Counter[tuple[str, bool]] = Counter()
    # Inside first: of several with the same words, the one that was edited is the one that changed.
    for one, number in sorted(findings.items(), key=lambda pair: not pair[0].is_inside):
        number = min(number, left[one.rule, one.message])
        left[one.rule, one.message] -= number
        counted[one.rule, one.is_inside] += number
    return counted
