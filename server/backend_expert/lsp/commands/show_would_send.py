"""Shows what a question would send, and sends nothing: arguments as for `backendExpert.ask`."""

from typing import TYPE_CHECKING, Any

from backend_expert.lsp.answers.documents import shown
from backend_expert.lsp.asking import apart
from backend_expert.lsp.questions import question_of

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.lsp.tasks import Token


async def handle(door: "Door", arguments: Any, token: "Token | None") -> Any:
    question = question_of(door, arguments)
    text = door.asking.expert.would_send(apart(door.snapshot(), question.uri), question)
    return {"uri": await shown(door, "what would be sent", text), "text": text}
