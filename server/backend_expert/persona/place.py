"""The place that a question is about: a span of a checked document, and the facts in it."""

import msgspec

from backend_expert.facts.code import Function, walk
from backend_expert.facts.endpoint import Endpoint
from backend_expert.facts.item import Item
from backend_expert.ide.desk import checked
from backend_expert.ide.routing import endpoints_in
from backend_expert.ide.views import (
    PlacedEndpoint,
    PlacedQuery,
    placed_endpoints,
    placed_queries,
)
from backend_expert.lint.checked import Checked, Problem
from backend_expert.text.span import Span
from backend_expert.workspace.documents import Snapshot


class Place(msgspec.Struct, frozen=True, eq=False, dict=True):
    """A span of a document; an empty one stands for the function (or statement) around it.

    routed: the file's endpoints, with what other files tell of their routers.
    """

    checked: Checked
    span: Span
    routed: tuple[Endpoint, ...] | None = None

    @property
    def text(self) -> str:
        """The text of the span."""
        return self.checked.document.slice(self.span.start, self.span.end)

    @property
    def lines(self) -> tuple[int, int]:
        """The first and the last line of the span, from 1."""
        document = self.checked.document
        last = max(self.span.start, self.span.end - 1)
        return document.position(self.span.start)[0] + 1, document.position(last)[0] + 1

    def problems(self) -> list[tuple[Problem, Span]]:
        """The findings that touch the span, worst first."""
        found = [(p, s) for p, s in self.checked.all() if s.overlaps(self.span)]
        return sorted(found, key=lambda pair: (pair[0].severity, pair[1].start))

    def queries(self) -> list[PlacedQuery]:
        """The queries whose text, or whose call, lies in the span."""
        found: list[PlacedQuery] = []
        for placed in placed_queries(self.checked):
            call = placed.query.call
            start = self.checked.start_of(placed.item) or 0
            ran = call is not None and self.span.overlaps(call.span.moved(start))
            if ran or self.span.overlaps(placed.span):
                found.append(placed)
        return found

    def endpoints(self) -> list[PlacedEndpoint]:
        """The endpoints that are registered or handled in the span."""
        return [
            placed
            for placed in placed_endpoints(self.checked, self.routed)
            if placed.span.overlaps(self.span) or placed.body.overlaps(self.span)
        ]

    def items(self) -> list[tuple[Item, int]]:
        """The items that the span touches, with the offsets at which they start."""
        document = self.checked.document
        first = document.piece_at(self.span.start)
        last = document.piece_at(max(self.span.start, self.span.end - 1))
        return [(document.pieces[i].item, document.start_of(i)) for i in range(first, last + 1)]

    def functions(self) -> list[tuple[Function, Item, int]]:
        """The named functions that the span touches, outermost first."""
        found: list[tuple[Function, Item, int]] = []
        for item, start in self.items():
            for statement in item.body:
                for node in walk(statement):
                    if not isinstance(node, Function) or not node.name:
                        continue
                    if node.span.moved(start).overlaps(self.span):
                        found.append((node, item, start))
        return found


def place_of(snapshot: Snapshot, uri: str, span: Span) -> Place | None:
    """The place of a question; None when the file is not open."""
    document = snapshot.document(uri)
    if document is None:
        return None
    answer = checked(snapshot, document)
    if not len(span):
        piece = document.piece_at(span.start)
        start = document.start_of(piece)
        span = document.span_of(piece)
        for statement in document.pieces[piece].item.body:
            if statement.span.moved(start).touches(span.start):
                span = statement.span.moved(start)
    return Place(answer, span, endpoints_in(snapshot, answer))
