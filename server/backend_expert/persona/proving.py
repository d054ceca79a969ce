"""From proposed edits to a proposal: put in their places, proved, and shown as a diff."""

from collections.abc import Sequence

import msgspec

from backend_expert.ide.types import FileEdit, Proposal
from backend_expert.persona.offline.diff import diff
from backend_expert.persona.offline.words import listed
from backend_expert.persona.place import Place
from backend_expert.persona.placing import placed, scope_of
from backend_expert.persona.proposal import read_proposal
from backend_expert.persona.verify import prove
from backend_expert.text.edit import Edit

HELD = "*Proved: the file parses after this edit, and a fresh check finds nothing new.*"
REFUSED = "This edit is not proposed, because it did not hold:"


class Verdict(msgspec.Struct, frozen=True, eq=False):
    """What came of edits: a proposal, or the reasons why there is none. `shown` has the diff."""

    shown: str
    reasons: tuple[str, ...] = ()
    proposal: Proposal | None = None


def judged(place: Place, json: str, claims: Sequence[str] = ()) -> Verdict:
    """What comes of the edits that a model wrote; `claims` are rules that it has to mend."""
    try:
        draft = read_proposal(json)
    except ValueError as error:
        return Verdict("", (str(error),))
    found = placed(place, draft)
    if found.reasons:
        return Verdict("", found.reasons)
    return proved(place, found.title, found.edits, claims=(*found.claims, *claims), is_scoped=True)


def proved(
    place: Place,
    title: str,
    edits: Sequence[Edit],
    *,
    claims: Sequence[str] = (),
    is_scoped: bool = False,
) -> Verdict:
    """What comes of edits in the place's document."""
    document = place.checked.document
    scope = scope_of(place) if is_scoped else None
    proof = prove(place, edits, scope=scope, claims=claims)
    shown = f"{diff(document.text, proof.text)}\n\n" if proof.text != document.text else ""
    if not proof.holds:
        return Verdict(shown, proof.reasons)
    mended = listed(proof.mended) if proof.mended else ""
    edit = FileEdit(document.uri, document.version, tuple(edits))
    reason = f"mends {mended}" if mended else ""
    return Verdict(shown, (), Proposal(title, (edit,), reason, document.text, tuple(claims)))


def told(verdict: Verdict) -> str:
    """A verdict in Markdown: the diff with the proof, or the reasons with the diff."""
    if verdict.proposal is not None:
        return f"{verdict.shown}{HELD}\n\n"
    return f"{REFUSED}\n\n{reasons_of(verdict)}\n{verdict.shown}"


def reasons_of(verdict: Verdict) -> str:
    """The reasons as a list; what is quoted in one stands in a fence beneath it."""
    lines: list[str] = []
    for reason in verdict.reasons:
        head, _, quoted = reason.partition("\n")
        lines.append(f"- {head}\n")
        if quoted:
            fence = "`" * max(3, _longest_run(quoted) + 1)
            inside = "".join(f"  {line}\n" for line in quoted.split("\n"))
            lines.append(f"\n  {fence}\n{inside}  {fence}\n\n")
    return "".join(lines)


def _longest_run(text: str) -> int:
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest
