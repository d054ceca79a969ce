"""Makes the edits that a conversation proposed: one object with its `id`."""

from typing import TYPE_CHECKING, Any

from backend_expert.lsp.questions import id_of

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.lsp.tasks import Token


async def handle(door: "Door", arguments: Any, token: "Token | None") -> Any:
    proposal = door.asking.known(id_of(arguments)).proposal
    if proposal is None:
        raise ValueError("nothing was proposed in that conversation")
    return await door.asking.make(proposal, confirm=False)
