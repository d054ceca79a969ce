"""Asking once in each workspace whether its code may be sent to the model."""

import logging
from typing import TYPE_CHECKING, Any, cast

from backend_expert.lsp.calls import A_PERSON, Unanswered

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.persona.conversation import Conversation
    from backend_expert.persona.expert import Expert
    from backend_expert.persona.gate import Answer

log = logging.getLogger(__name__)

CHOICES: "dict[str, Answer]" = {
    "Send what I ask about": "asks",
    "And explain queries in hovers": "hovers",
    "Never here": "no",
}


async def ask_once(door: "Door", expert: "Expert", talk: "Conversation") -> None:
    """Has the person decide, unless they have or there is no model; no answer is no decision."""
    where = expert.wants_consent(talk)
    if not where:
        return
    words = (
        f"Backend Expert would send the code that you ask about, with what it depends on, to "
        f"{where}. Secrets and ignored files stay here. Is that all right for this workspace?"
    )
    params = {"type": 3, "message": words, "actions": [{"title": title} for title in CHOICES]}
    try:
        answer = await door.ask("window/showMessageRequest", params, A_PERSON)
    except Unanswered:
        return
    title = cast("dict[str, Any]", answer).get("title") if isinstance(answer, dict) else None
    if title in CHOICES:
        expert.agree(talk, CHOICES[cast(str, title)])
