"""The first lines of an answer: what it is about."""

from backend_expert.persona.brief import Brief
from backend_expert.persona.place import Place


def heading(brief: Brief) -> str:
    """The task, the place, and the person's own words."""
    asked = f"> {' '.join(brief.words.split())}\n\n" if brief.words else ""
    return f"# {brief.task.title}\n\n{where(brief.place)}\n\n{asked}"


def where(place: Place) -> str:
    """The file and its lines."""
    first, last = place.lines
    if first == 1 and not place.checked.document.text[place.span.end :].strip():
        return f"`{place.checked.file.path}`"
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    return f"`{place.checked.file.path}`, {lines}"
