"""What an answer is about: the functions of the selection, with the endpoints that they answer."""

from collections.abc import Iterator

import msgspec

from backend_expert.facts.code import Class, Fragment, Function, Text, walk
from backend_expert.facts.endpoint import Endpoint
from backend_expert.facts.item import Item
from backend_expert.ide.views import PlacedEndpoint
from backend_expert.persona.offline.words import first_sentence
from backend_expert.persona.place import Place
from backend_expert.text.span import Span

_WIDEST = 80


class Subject(msgspec.Struct, frozen=True, eq=False):
    """A function, the item that it stands in, where that starts, and what it answers."""

    function: Function
    item: Item
    start: int
    endpoints: tuple[Endpoint, ...] = ()

    @property
    def span(self) -> Span:
        """The function's span in the document."""
        return self.function.span.moved(self.start)


def subjects(place: Place) -> list[Subject]:
    """The functions of the selection from the top down, without those inside another one.

    Where the selection lies inside one function, that is the only one.
    """
    found: dict[int, Subject] = {}
    for placed in place.endpoints():
        if placed.handler is None or placed.item is None:
            continue
        known = found.get(id(placed.handler))
        before = known.endpoints if known else ()
        found[id(placed.handler)] = _subject(place, placed, before)
    for function, item, start in place.functions():
        found.setdefault(id(function), Subject(function, item, start))
    inner = [one for one in found.values() if one.span.covers(place.span)]
    if inner:
        return [min(inner, key=lambda one: len(one.span))]
    kept: list[Subject] = []
    for one in sorted(found.values(), key=lambda one: (one.span.start, -one.span.end)):
        if not any(other.span.covers(one.span) for other in kept):
            kept.append(one)
    return kept


def _subject(place: Place, placed: PlacedEndpoint, before: tuple[Endpoint, ...]) -> Subject:
    assert placed.handler is not None and placed.item is not None
    start = place.checked.start_of(placed.item) or 0
    return Subject(placed.handler, placed.item, start, (*before, placed.endpoint))


def signature(function: Function) -> str:
    """`pay(session, order_id)`; a nameless function is called so."""
    given = [p for p in function.parameters if p.name not in ("self", "cls")]
    names = [p.name or "{…}" for p in given]
    inside = ", ".join(names)
    if len(inside) > _WIDEST:
        inside = f"{inside[:_WIDEST].rpartition(',')[0]}, …"
    return f"{function.name}({inside})" if function.name else f"({inside}) => …"


def own_words(place: Place, one: Subject) -> str:
    """What a function says of itself: the first sentence of its docstring or comment."""
    for statement in one.function.body[:1]:
        if isinstance(statement, Text) and all(isinstance(p, Fragment) for p in statement.parts):
            return first_sentence(
                "".join(p.value for p in statement.parts if isinstance(p, Fragment))
            )
    return _comment_above(place, one)


def _comment_above(place: Place, one: Subject) -> str:
    """The comment right above the function's statement, in its piece or the one before."""
    top = next((s for s in one.item.body if s.span.covers(one.function.span)), None)
    if top is None or isinstance(top, Class):
        return ""
    document = place.checked.document
    at = document.line_start(document.position(top.span.start + one.start)[0])
    here = document.piece_at(at)
    for piece in (here, here - 1):
        start = document.start_of(piece) if piece >= 0 else 0
        for comment in document.pieces[piece].item.comments if piece >= 0 else ():
            end = comment.span.end + start
            if end <= at and not document.slice(end, at).strip():
                return first_sentence(comment.text)
    return ""


def defined(place: Place) -> Iterator[str]:
    """The names of classes and functions that the selection defines."""
    for item, start in place.items():
        for statement in item.body:
            if not statement.span.moved(start).overlaps(place.span):
                continue
            for node in walk(statement):
                if isinstance(node, Class | Function) and node.name:
                    yield node.name
                    break
