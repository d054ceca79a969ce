"""Explaining queries: each clause by clause, with the tables as the schema has them."""

from collections.abc import Iterator

from backend_expert.ide.explain_query import explain_query
from backend_expert.ide.index_needs import obstacles_of
from backend_expert.ide.views import PlacedQuery
from backend_expert.persona.brief import Brief
from backend_expert.persona.indexed import Indexed, indexed
from backend_expert.persona.offline.index import serving
from backend_expert.persona.offline.review import short_findings
from backend_expert.persona.offline.words import count
from backend_expert.persona.place import Place
from backend_expert.text.span import Span

_MOST = 4


def answer(brief: Brief) -> Iterator[str]:
    """The queries of the selection in the order in which they are written."""
    place = brief.place
    queries = place.queries()
    if not queries:
        yield "There is no SQL in the selection that could be read as a query. Queries that a "
        yield "mapper builds are told by “Explain this code”.\n\n"
        return
    known = indexed(place)
    for placed in queries[:_MOST]:
        yield from _query(place, placed, known, is_alone=len(queries) == 1)
    if len(queries) > _MOST:
        more = count(len(queries) - _MOST, "more query", "more queries")
        yield f"The selection has {more}: select fewer lines to read about them.\n\n"
    start = min(placed.span.start for placed in queries)
    end = max(placed.span.end for placed in queries)
    yield from short_findings(Place(place.checked, Span(start, end)))


def _query(place: Place, placed: PlacedQuery, known: Indexed, *, is_alone: bool) -> Iterator[str]:
    if not is_alone:
        line = place.checked.document.position(placed.span.start)[0] + 1
        yield f"## Line {line}\n\n"
    yield f"{explain_query(placed.query)}\n\n"
    told = [*serving(placed.query, known), *obstacles_of(placed.query)]
    if told:
        yield "How the rows are found:\n\n" + "".join(f"- {line}\n" for line in told) + "\n"
