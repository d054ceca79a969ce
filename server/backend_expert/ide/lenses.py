"""Lenses: a line above endpoints, queries ("3 queries · 1 finding · ask") and asking comments."""

from backend_expert.ide.asking_comments import AskingComment, asking_comments
from backend_expert.ide.desk import checked_uri, editor_setting
from backend_expert.ide.routing import endpoints_in
from backend_expert.ide.types import Command, Lens
from backend_expert.ide.views import PlacedEndpoint, PlacedQuery, placed_endpoints, placed_queries
from backend_expert.lint.checked import Checked
from backend_expert.text.span import Span
from backend_expert.workspace.documents import Snapshot


def lenses(snapshot: Snapshot, uri: str) -> list[Lens]:
    """The lenses of a document; none when the editor's settings switch them off."""
    document = snapshot.document(uri)
    if document is None or editor_setting(snapshot, document, "lenses") is False:
        return []
    checked = checked_uri(snapshot, uri)
    if checked is None or checked.document.skipped:
        return []
    queries = list(placed_queries(checked))
    endpoints = list(placed_endpoints(checked, endpoints_in(snapshot, checked)))
    found = [_of_endpoint(checked, uri, placed, queries) for placed in endpoints]
    inside = [placed.body for placed in endpoints]
    for query in queries:
        if not any(body.covers(query.span) for body in inside):
            found.append(_of_query(checked, uri, query))
    return [*found, *(_of_comment(uri, comment) for comment in asking_comments(checked))]


def _of_endpoint(
    checked: Checked, uri: str, placed: PlacedEndpoint, queries: list[PlacedQuery]
) -> Lens:
    mine = sum(1 for query in queries if placed.body.covers(query.span))
    faults = _findings(checked, placed.body)
    words = [f"{placed.endpoint.method} {placed.endpoint.path or '/'}"]
    if mine:
        words.append(_count(mine, "query", "queries"))
    if faults:
        words.append(_count(faults, "finding", "findings"))
    return Lens(placed.span, _ask(uri, placed.body, " · ".join((*words, "ask")), "review"))


def _of_query(checked: Checked, uri: str, query: PlacedQuery) -> Lens:
    tables = dict.fromkeys(table.name for table in query.query.tables())
    words = [f"{query.query.verb} {', '.join(list(tables)[:3])}".strip()]
    faults = _findings(checked, query.span)
    if faults:
        words.append(_count(faults, "finding", "findings"))
    return Lens(query.span, _ask(uri, query.span, " · ".join((*words, "ask")), "explain"))


def _of_comment(uri: str, comment: AskingComment) -> Lens:
    who = "Ask backend expert" if comment.task == "ask" else "Have backend expert do it"
    title = f"{who}: {comment.words}" if comment.words else who
    return Lens(comment.span, _ask(uri, comment.about, title, comment.task, comment.words))


def _findings(checked: Checked, span: Span) -> int:
    return sum(1 for _, place in checked.all() if span.covers(place))


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _ask(uri: str, span: Span, title: str, task: str, words: str = "") -> Command:
    request = {"uri": uri, "task": task, "span": [span.start, span.end]}
    return Command(title, "backendExpert.ask", (request | ({"words": words} if words else {}),))
