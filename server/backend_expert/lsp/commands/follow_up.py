"""Asks on in a conversation: one object with its `id` and `words`."""

from typing import TYPE_CHECKING, Any

from backend_expert.lsp.questions import id_of, words_of

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.lsp.tasks import Token


async def handle(door: "Door", arguments: Any, token: "Token | None") -> Any:
    return await door.asking.follow_up(id_of(arguments), words_of(arguments), token)
