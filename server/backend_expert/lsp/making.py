"""Making a proposal's edits, in the text as it is by then."""

import asyncio
from typing import TYPE_CHECKING

from backend_expert.ide.types import Proposal
from backend_expert.lsp.apply import apply, is_overtaken

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.persona.expert import Expert

TYPED_MEANWHILE = 1.0  # seconds; a no that takes longer is a person's


async def make(door: "Door", expert: "Expert", proposal: Proposal, *, confirm: bool) -> bool:
    """Has the client make a proposal's edits; whether it did.

    A client that was typed into before it got them turns them down; it gets them once more, made
    for what was typed.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + TYPED_MEANWHILE
    while True:
        carried = expert.carried(door.snapshot(), proposal)
        edits = carried.edits if carried is not None else ()
        is_made = await apply(door, edits, proposal.title, confirm)
        if is_made or carried is None:
            expert.settled(proposal)
            return is_made
        snapshot = door.snapshot()
        if loop.time() > until or not any(is_overtaken(snapshot, edit) for edit in carried.edits):
            return False
