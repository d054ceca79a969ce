"""`backendExpert.tasks`: the tasks of the expert that fit a place."""

from typing import TYPE_CHECKING, Any

from backend_expert.lsp.beyond.shapes import At
from backend_expert.lsp.commands.arguments import argument
from backend_expert.lsp.convert import offset_of
from backend_expert.persona.offers import fitting
from backend_expert.text.span import Span

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.lsp.tasks import Token


async def handle(door: "Door", arguments: Any, token: "Token | None") -> Any:
    at = argument(arguments, At)
    snapshot = door.snapshot()
    document = snapshot.document(at.uri)
    if document is None:
        raise ValueError(f"{at.uri} is not open")
    start, end = (
        offset_of(document, place.line, place.character, door.client.encoding)
        for place in (at.range.start, at.range.end)
    )
    span = Span(min(start, end), max(start, end))
    return [
        {"id": one.task.id, "title": one.task.title, "kind": one.task.kind}
        for one in fitting(snapshot, at.uri, span)
    ]
