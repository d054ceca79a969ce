"""What stands where in a checked document: its queries and endpoints, with absolute spans."""

from collections.abc import Iterator, Sequence

import msgspec

from backend_expert.facts.code import Function, walk
from backend_expert.facts.endpoint import Endpoint
from backend_expert.facts.item import Item
from backend_expert.facts.query import Query
from backend_expert.flow.queries import queries, statements
from backend_expert.lint.checked import Checked
from backend_expert.lint.context import Context
from backend_expert.text.span import Span
from backend_expert.workspace.piece import Piece


class PlacedQuery(msgspec.Struct, frozen=True, eq=False):
    """A query, the offset that its spans count from, and the item whose call runs it."""

    query: Query
    start: int
    item: Item

    @property
    def span(self) -> Span:
        """Its span in the document."""
        return self.query.span.moved(self.start)


class PlacedEndpoint(msgspec.Struct, frozen=True, eq=False):
    """An endpoint, the offset that its spans count from, and its handler where it is in this file.

    `body` is the handler's span in the document (the registration's when it is elsewhere).
    """

    endpoint: Endpoint
    start: int
    body: Span
    handler: Function | None
    item: Item | None

    @property
    def span(self) -> Span:
        """The span of its path in the document."""
        return self.endpoint.span.moved(self.start)


def queries_in(checked: Checked, piece: Piece) -> list[Query]:
    """The queries that one piece runs; kept with its reading."""
    item = piece.item
    file = checked.file
    if file.family == "sql":
        return statements(item, file.dialect)
    reading = file.flow.reading(item)
    return queries(reading, file.flow.catalogue, file.dialect)


def placed_queries(checked: Checked) -> Iterator[PlacedQuery]:
    """All queries of a document, in the order of the items that run them."""
    for at, piece in enumerate(checked.document.pieces):
        for query in queries_in(checked, piece):
            start = checked.home(query.home, piece.item) if query.home else None
            yield PlacedQuery(
                query, checked.document.start_of(at) if start is None else start, piece.item
            )


def query_at(checked: Checked, offset: int) -> PlacedQuery | None:
    """The query whose text stands at `offset`."""
    return next((q for q in placed_queries(checked) if q.span.touches(offset)), None)


def placed_endpoints(
    checked: Checked, endpoints: Sequence[Endpoint] | None = None
) -> Iterator[PlacedEndpoint]:
    """All endpoints of a document.

    `endpoints` are those of the file in its order, where more is known of them than the file says.
    """
    file = checked.file
    known = file.endpoints if endpoints is None else endpoints
    for at, piece in enumerate(checked.document.pieces):
        if file.family == "sql":
            return
        routes = file.flow.reading(piece.item).notes.get("routes")
        mine = getattr(routes, "endpoints", ())
        if not mine:
            continue
        start = checked.document.start_of(at)
        for raw in mine:
            endpoint = next(
                (e for e in known if e.span == raw.span and e.method == raw.method
                 and e.handler == raw.handler and e.path.endswith(raw.path.rstrip("/"))),
                raw,
            )  # fmt: skip
            handler, item = _handler(checked, raw, piece.item)
            body = raw.span.moved(start)
            if handler is not None and item is not None:
                body = handler.span.moved(checked.start_of(item) or 0)
            yield PlacedEndpoint(endpoint, start, body, handler, item)


def _handler(
    checked: Checked, endpoint: Endpoint, item: Item
) -> tuple[Function | None, Item | None]:
    """The function that answers, in the same item or by name in the same file."""
    if endpoint.handler_span is not None:
        for statement in item.body:
            for node in walk(statement):
                if isinstance(node, Function) and node.name_span == endpoint.handler_span:
                    return node, item
    home = checked.file.flow.home(endpoint.handler) if endpoint.handler else None
    if home is not None:
        for statement in home.body:
            for node in walk(statement):
                if isinstance(node, Function) and node.name == endpoint.handler.rpartition(".")[2]:
                    return node, home
    return None, None


def context_of(checked: Checked, item: Item) -> Context:
    """What rules would see of an item."""
    piece = next(piece for piece in checked.document.pieces if piece.item is item)
    reading = checked.file.flow.reading(item)
    return Context(checked.file, item, reading, queries_in(checked, piece))
