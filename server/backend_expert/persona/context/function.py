"""The functions around the selection, whole, where the selection is only a part of them."""

from backend_expert.persona.brief import Section
from backend_expert.persona.place import Place
from backend_expert.text.span import Span


def build(place: Place) -> Section | None:
    """The enclosing function's text; None when the selection already holds it."""
    document = place.checked.document
    selected = _without_blanks(place)
    for function, _, start in place.functions():
        whole = function.span.moved(start)
        if whole.covers(selected) and whole != selected:
            text = document.slice(whole.start, whole.end)
            first = document.position(whole.start)[0] + 1
            title = f"The function around it: {function.name}, from line {first}"
            return Section(title, text, path=document.path or "")
    return None


def _without_blanks(place: Place) -> Span:
    """The selection without the blanks at its ends, such as the line break of its last line."""
    text = place.text
    start = place.span.start + len(text) - len(text.lstrip())
    return Span(start, max(start, place.span.start + len(text.rstrip())))
