"""An answer without a model: the offline expert's, its edits proved."""

from collections.abc import AsyncGenerator

from backend_expert.ide.types import Proposal, Said
from backend_expert.persona.brief import Brief
from backend_expert.persona.events import Edits, Text
from backend_expert.persona.offline import Offline
from backend_expert.persona.proving import proved, told

NO_WORDS = "Without a model there is no answer in free words."


async def unaided(
    brief: Brief, why: str = "", *, is_beneath: bool = False, was_sent: bool = False
) -> AsyncGenerator[Said | Proposal]:
    """The offline expert's answer. Edits that do not hold are shown with the reasons.

    why: what is said of there being no model. is_beneath: it stands beneath words of why the model
    did not answer, so it needs no head; was_sent: although it was asked. Proposals come last, so
    that the answer can be read before anyone is asked for a yes.
    """
    proposals: list[Proposal] = []
    async for event in Offline(why, is_beneath=is_beneath, was_sent=was_sent).stream(brief):
        if isinstance(event, Edits):
            verdict = proved(brief.place, event.title, event.edits)
            yield Said(told(verdict))
            proposals += [verdict.proposal] if verdict.proposal is not None else []
        elif isinstance(event, Text):
            yield Said(event.text)
    for proposal in proposals:
        yield proposal
