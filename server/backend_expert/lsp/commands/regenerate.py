"""Asks a conversation's first question anew: one object with its `id`."""

from typing import TYPE_CHECKING, Any

from backend_expert.lsp.questions import id_of

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.lsp.tasks import Token


async def handle(door: "Door", arguments: Any, token: "Token | None") -> Any:
    return await door.asking.regenerate(id_of(arguments), token)
