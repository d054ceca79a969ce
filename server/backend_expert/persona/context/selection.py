"""The selected code itself, with its file and lines."""

from backend_expert.persona.brief import Section
from backend_expert.persona.place import Place


def build(place: Place) -> Section | None:
    """The selection as it stands."""
    first, last = place.lines
    document = place.checked.document
    title = f"Selected code: {place.checked.file.path}, lines {first} to {last}"
    return Section(title, place.text.rstrip(), path=document.path or "", is_needed=True)
