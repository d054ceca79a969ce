"""Shows what was sent, in the conversation with the given `id` or in the last one."""

from typing import TYPE_CHECKING, Any

from backend_expert.lsp.answers.documents import shown
from backend_expert.lsp.questions import only_object

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.lsp.tasks import Token


async def handle(door: "Door", arguments: Any, token: "Token | None") -> Any:
    id = only_object(arguments).get("id")
    talk = door.asking.known(str(id)) if id else None
    text = door.asking.expert.sent(talk)
    return {"uri": await shown(door, "what was sent", text), "text": text}
