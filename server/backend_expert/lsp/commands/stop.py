"""Stops an answer, by the `id` of its conversation, or all that are under way."""

from typing import TYPE_CHECKING, Any

from backend_expert.lsp.questions import only_object

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.lsp.tasks import Token


async def handle(door: "Door", arguments: Any, token: "Token | None") -> Any:
    return door.asking.stop(str(only_object(arguments).get("id") or ""))
