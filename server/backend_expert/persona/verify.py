"""The proof: an edit is applied in memory, parsed and checked before anyone sees it."""

from collections import Counter

import msgspec

from backend_expert.ide.fixes import faults
from backend_expert.lint.checked import Checked
from backend_expert.persona.place import Place
from backend_expert.text.edit import Edit, apply
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


def prove(place: Place, edits: tuple[Edit, ...]) -> Proof:
    """Proves edits of the place's document: they fit, parse, and bring no new finding."""
    before = place.checked
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
    reasons: list[str] = []
    if fresh.skipped:
        reasons.append(fresh.skipped)
    if faults(fresh) > faults(document):
        reasons.append("the edited text does not parse")
    after = Checked(fresh, before.file.path, before.scope)
    had, has = _findings(before), _findings(after)
    for rule, number in (has - had).items():
        more = "a new finding" if number == 1 else f"{number} new findings"
        reasons.append(f"it brings {more} of {rule}")
    return Proof(text, tuple(reasons), dict(had - has))


def _findings(checked: Checked) -> Counter[str]:
    return Counter(problem.rule.id for problem, _ in checked.all())
