"""Hover: the findings, the query and the endpoint at a place, in words."""

from backend_expert.ide import describe
from backend_expert.ide.desk import checked_uri
from backend_expert.ide.explain_query import explain_query
from backend_expert.ide.routing import endpoints_in
from backend_expert.ide.types import Hover
from backend_expert.ide.views import placed_endpoints, query_at
from backend_expert.lint.checked import Checked
from backend_expert.text.span import Span
from backend_expert.workspace.documents import Snapshot

RULER = "\n\n---\n\n"


def hover(snapshot: Snapshot, uri: str, offset: int) -> Hover | None:
    """What there is to say at `offset`: findings first, then the query or endpoint they are in."""
    checked = checked_uri(snapshot, uri)
    if checked is None or checked.document.skipped:
        return None
    parts: list[str] = []
    span = _findings(checked, offset, parts)
    query = query_at(checked, offset)
    if query is not None:
        parts.append(explain_query(query.query))
        span = span or query.span
    else:
        span = _endpoint(snapshot, checked, offset, parts) or span
    return Hover(RULER.join(parts), span) if parts and span is not None else None


def _findings(checked: Checked, offset: int, parts: list[str]) -> Span | None:
    """The findings at `offset`, the narrowest first; answers with its span."""
    at = checked.document.piece_at(offset)
    start = checked.document.start_of(at)
    here = [p for p in checked.problems[at : at + 1] for p in p if p.span.touches(offset - start)]
    here.sort(key=lambda problem: len(problem.span))
    parts += [describe.finding(problem) for problem in here[:3]]
    return here[0].span.moved(start) if here else None


def _endpoint(snapshot: Snapshot, checked: Checked, offset: int, parts: list[str]) -> Span | None:
    for placed in placed_endpoints(checked, endpoints_in(snapshot, checked)):
        if placed.span.touches(offset):
            parts.append(describe.endpoint(checked, placed))
            return placed.span
        name = placed.endpoint.handler_span
        if placed.handler is not None and name is not None:
            word = name.moved(placed.start)
            if word.touches(offset):
                parts.append(describe.endpoint(checked, placed))
                return word
    return None
