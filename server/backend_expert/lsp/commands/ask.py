"""Asks the expert: one object with `uri`, `task`, and maybe `range` or `span` and `words`."""

from typing import TYPE_CHECKING, Any

from backend_expert.lsp.questions import question_of

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.lsp.tasks import Token


async def handle(door: "Door", arguments: Any, token: "Token | None") -> Any:
    return await door.asking.ask(question_of(door, arguments), token)
