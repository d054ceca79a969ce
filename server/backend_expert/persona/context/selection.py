"""The selected code itself, with its file and lines."""

from backend_expert.persona.brief import Section
from backend_expert.persona.place import Place


def build(place: Place) -> Section | None:
    """The selection as quoted data."""
    first, last = place.lines
    language = place.checked.document.language
    title = f"Selected code: {place.checked.file.path}, lines {first} to {last}"
    return Section(title, f"```{language}\n{place.text.rstrip()}\n```")
