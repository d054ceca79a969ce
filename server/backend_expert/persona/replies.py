"""Replies of a model: through the gate and back, edits proved, and sent back once if they fail."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import Any

import msgspec

from backend_expert.ide.types import Answered, Proposal, Said, Spent
from backend_expert.persona.borrowed import Complete
from backend_expert.persona.conversation import Conversation, kept
from backend_expert.persona.events import Failed
from backend_expert.persona.failures import sentence
from backend_expert.persona.foot import foot
from backend_expert.persona.gate import Cleared, Destination, Gate, Refused
from backend_expert.persona.gate_settings import GateSettings
from backend_expert.persona.heading import heading
from backend_expert.persona.letter import followed, letter, repair
from backend_expert.persona.outgoing import Outgoing
from backend_expert.persona.own_settings import OwnSettings
from backend_expert.persona.proving import Verdict, judged, told
from backend_expert.persona.round import Model, Round
from backend_expert.persona.setup import answering, setup
from backend_expert.persona.unaided import unaided


class Replies:
    """The way to a model. Without one (`model` is None) `why_offline` says why, in a sentence."""

    def __init__(
        self,
        gate: Gate,
        model: Model | None = None,
        destination: Destination | None = None,
        *,
        why_offline: str = "",
    ) -> None:
        self.gate = gate
        self.model = model
        self.destination = destination or Destination("none")
        self.why_offline = why_offline

    @classmethod
    def of_user(
        cls,
        own: OwnSettings,
        options: Mapping[str, Any],
        warn: Callable[[str], None],
        complete: Complete | None = None,
    ) -> "Replies":
        """As the user has set it up; what is wrong with the settings goes to `warn`."""
        found = setup(own, options.get("model"))
        leaving = own.filled(GateSettings, "gate")
        for complaint in (*found.complaints, *leaving.complaints):
            warn(str(complaint))
        gate = Gate.of_user(GateSettings(**leaving.values))
        model = answering(found.settings, complete=complete)
        if isinstance(model, Failed):
            return cls(gate, why_offline=sentence(model))
        where = Destination(found.settings.provider, found.settings.base_url)
        return cls(gate, model, where)

    async def prepare(self) -> None:
        """Reads what a question needs, in threads, while it is still being put. Sends nothing."""
        if self.model is not None:
            await asyncio.gather(asyncio.to_thread(self.gate.warm), self.model.prepare())

    async def to(self, talk: Conversation, outgoing: Outgoing) -> AsyncGenerator[Answered]:
        """The answer to a request: its text as it comes, then the edits that it proposes."""
        yield kept(talk, Said(heading(talk.brief)))
        async with aclosing(self._answered(talk, outgoing, is_first=True)) as parts:
            async for part in parts:
                yield kept(talk, part)

    async def further(self, talk: Conversation, words: str) -> AsyncGenerator[Answered]:
        """The answer to further words in a conversation, the first ones if nothing was sent yet."""
        yield kept(talk, Said(f"\n\n> {' '.join(words.split())}\n\n"))
        if talk.sent is None:
            brief = msgspec.structs.replace(talk.brief, words=words)
            outgoing = letter(brief, talk.workspace)
        else:
            outgoing = followed(talk.sent, talk.said, words)
        async with aclosing(self._answered(talk, outgoing, is_first=False)) as parts:
            async for part in parts:
                yield kept(talk, part)

    async def _answered(
        self, talk: Conversation, outgoing: Outgoing, is_first: bool
    ) -> AsyncGenerator[Answered]:
        going = await self._round(talk, outgoing)
        if isinstance(going, Refused):
            async for part in self._refused(talk, going.sentence, is_first):
                yield part
            return
        async with aclosing(self._parts(talk, outgoing, going)) as parts:
            async for part in parts:
                yield part
        if going.failed is not None:
            yield Said(gap_after(going.shown))
            async for part in self._refused(talk, sentence(going.failed), is_first, was_sent=True):
                yield part
            return
        yield Said(gap_after(going.shown))
        verdict = judged(talk.brief.place, going.proposed, talk.claims) if going.proposed else None
        rounds = [going]
        if verdict is not None and verdict.proposal is None:
            repairing = self._repaired(talk, outgoing, going, verdict, rounds)
            async with aclosing(repairing) as parts:
                async for part in parts:
                    if isinstance(part, Verdict):
                        verdict = part
                    else:
                        yield part
        if verdict is not None:
            yield Said(told(verdict))
        talk.state = "answered"
        yield Said(foot(rounds))
        if verdict is not None and verdict.proposal is not None:
            yield verdict.proposal

    async def _repaired(
        self,
        talk: Conversation,
        outgoing: Outgoing,
        first: Round,
        verdict: Verdict,
        rounds: list[Round],
    ) -> AsyncGenerator[Said | Spent | Verdict]:
        """A second try at edits that did not hold, with the exact reasons; then no more."""
        said = f"{first.said}\n\n```json\n{first.proposed}\n```"
        again = followed(outgoing, said, repair(verdict.reasons))
        going = await self._round(talk, again)
        if isinstance(going, Refused):
            yield Said(f"> {going.sentence}\n\n")
            return
        yield Said("*The first draft did not hold, so it went back once.*\n\n")
        rounds.append(going)
        async with aclosing(self._parts(talk, again, going)) as parts:
            async for part in parts:
                yield part
        yield Said(gap_after(going.shown))
        if going.failed is not None:
            yield Said(f"> {sentence(going.failed)}\n\n")
        elif going.proposed:
            yield judged(talk.brief.place, going.proposed, talk.claims)

    async def _round(self, talk: Conversation, outgoing: Outgoing) -> Round | Refused:
        """A round with the model, once the gate has cleared the request."""
        assert self.model is not None
        name = self.model.model_for(outgoing.task)
        cleared = await self._cleared(talk, outgoing, name)
        if isinstance(cleared, Refused):
            return cleared
        if self.gate.wants_count(cleared):
            tokens = await self.model.count(cleared)
            if tokens is not None:
                cleared = await self._cleared(talk, outgoing, name, tokens)
                if isinstance(cleared, Refused):
                    return cleared
        talk.placeholders = cleared.placeholders
        return Round(self.gate, self.model, cleared)

    async def _cleared(
        self, talk: Conversation, outgoing: Outgoing, name: str, tokens: int | None = None
    ) -> Cleared | Refused:
        """What the gate says, in a thread: its detectors take longer than a keystroke may wait."""
        return await asyncio.to_thread(
            self.gate.clear,
            outgoing,
            self.destination,
            name,
            tokens=tokens,
            placeholders=talk.placeholders,
        )

    async def _parts(
        self, talk: Conversation, outgoing: Outgoing, going: Round
    ) -> AsyncGenerator[Said | Spent]:
        """A round's parts; the conversation knows what was sent, however the round ends."""
        talk.rounds.append(going)
        async with aclosing(going.parts()) as parts:
            async for part in parts:
                yield part
        talk.sent, talk.said = outgoing, going.said

    async def _refused(
        self, talk: Conversation, sentence: str, is_first: bool, *, was_sent: bool = False
    ) -> AsyncGenerator[Said | Proposal]:
        """The sentence that says why there is no answer, and the offline expert's beneath it."""
        talk.state, talk.failure = "failed", sentence
        yield Said(f"> {sentence}\n\n")
        if is_first:
            async with aclosing(unaided(talk.brief, is_beneath=True, was_sent=was_sent)) as parts:
                async for part in parts:
                    yield part


def gap_after(shown: str) -> str:
    """What is still to be said so that a blank line follows a text."""
    return "" if not shown else "\n" * (2 - min(2, len(shown) - len(shown.rstrip("\n"))))
