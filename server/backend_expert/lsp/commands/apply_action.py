"""Makes an action's edits, for clients without action literals: an id and a title."""

from typing import TYPE_CHECKING, Any

from backend_expert.ide.actions import resolve
from backend_expert.lsp.apply import apply

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.lsp.tasks import Token


async def handle(door: "Door", arguments: Any, token: "Token | None") -> Any:
    match arguments:
        case [str(name), str(title)]:
            return await apply(door, resolve(door.snapshot(), name), title, confirm=False)
        case _:
            raise ValueError("it wants an id and a title")
