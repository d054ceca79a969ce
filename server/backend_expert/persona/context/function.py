"""The functions around the selection, whole, where the selection is only a part of them."""

from backend_expert.persona.brief import Section
from backend_expert.persona.place import Place


def build(place: Place) -> Section | None:
    """The enclosing function's text; None when the selection already holds it."""
    document = place.checked.document
    for function, _, start in place.functions():
        whole = function.span.moved(start)
        if whole.covers(place.span) and whole != place.span:
            text = document.slice(whole.start, whole.end)
            first = document.position(whole.start)[0] + 1
            title = f"The function around it: {function.name}, from line {first}"
            return Section(title, text, path=document.path or "")
    return None
