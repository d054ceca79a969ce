"""Symbols: a document's endpoints and queries, for the outline."""

from backend_expert.ide.desk import checked_uri
from backend_expert.ide.routing import endpoints_in
from backend_expert.ide.types import Symbol
from backend_expert.ide.views import PlacedQuery, placed_endpoints, placed_queries
from backend_expert.workspace.documents import Snapshot


def symbols(snapshot: Snapshot, uri: str) -> list[Symbol]:
    """The endpoints with the queries that their handlers run, then the other queries."""
    checked = checked_uri(snapshot, uri)
    if checked is None or checked.document.skipped:
        return []
    queries = list(placed_queries(checked))
    found: list[Symbol] = []
    taken: set[int] = set()
    for placed in placed_endpoints(checked, endpoints_in(snapshot, checked)):
        one = placed.endpoint
        mine = [q for q in queries if placed.body.covers(q.span)]
        taken.update(id(q) for q in mine)
        whole = placed.body if placed.body.covers(placed.span) else placed.span
        found.append(
            Symbol(
                f"{one.method} {one.path or '/'}",
                "event",
                whole,
                placed.span,
                one.handler.lstrip("@"),
                tuple(_query(q) for q in mine if whole.covers(q.span)),
            )
        )
    return found + [_query(q) for q in queries if id(q) not in taken]


def _query(placed: PlacedQuery) -> Symbol:
    tables = list(dict.fromkeys(table.name for table in placed.query.tables()))
    name = f"{placed.query.verb} {', '.join(tables[:3])}".strip()
    return Symbol(name or "SQL", "object", placed.span, placed.span)
