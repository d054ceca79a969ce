"""One round with a model: a cleared request, and what comes of it, made fit to be shown."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Protocol

from backend_expert.ide.types import Said, Spent
from backend_expert.persona.events import Event, Failed, Proposed, Text, Usage
from backend_expert.persona.gate import Cleared, Gate
from backend_expert.persona.sanitise import Sanitiser


class Model(Protocol):
    """Answers requests that the gate has cleared. Closing the stream stops the answer."""

    def model_for(self, task: str) -> str:
        """The name of the model that is asked for a task."""
        ...

    def stream(self, cleared: Cleared) -> AsyncGenerator[Event]:
        """The answer as it comes."""
        ...

    async def count(self, cleared: Cleared) -> int | None:
        """How many tokens a request has; None when the provider does not say."""
        ...

    async def prepare(self) -> None:
        """Reads what the first question needs. Sends nothing."""
        ...

    async def close(self) -> None:
        """Lets the connection go."""
        ...


class Round:
    """A request on its way. `parts` once; then the other fields tell how it went.

    said: what the model wrote, secrets put back, not yet made harmless. shown: as it was shown.
    proposed: the JSON of the edits that it proposes, empty for none.
    """

    def __init__(self, gate: Gate, model: Model, cleared: Cleared) -> None:
        self._gate = gate
        self._model = model
        self.cleared = cleared
        self.said = ""
        self.shown = ""
        self.proposed = ""
        self.usage = Usage()
        self.failed: Failed | None = None
        self.outcome = "cancelled"
        self.cost: float | None = None

    async def parts(self) -> AsyncGenerator[Said | Spent]:
        """The answer's text as it comes, and what it has used; recorded however it ends."""
        restorer, sanitiser = self.cleared.restorer(), Sanitiser()
        try:
            async with aclosing(self._model.stream(self.cleared)) as events:
                async for event in events:
                    if isinstance(event, Text):
                        text = restorer.feed(event.text)
                        self.said += text
                        if harmless := sanitiser.add(text):
                            yield self._said(harmless)
                    elif isinstance(event, Usage):
                        self.usage = event
                        yield self.spent()
                    elif isinstance(event, Proposed):
                        self.proposed = self.cleared.restore_json(event.json)
                    elif isinstance(event, Failed):
                        self.failed = event
            rest = restorer.end()
            self.said += rest
            if harmless := sanitiser.add(rest) + sanitiser.end():
                yield self._said(harmless)
            self.outcome = self.failed.kind if self.failed is not None else "answered"
        except Exception:
            self.outcome = "broken"
            raise
        finally:
            answer = self.said + self.proposed
            self.cost = self._gate.record(self.cleared, self.usage, self.outcome, answer)

    def spent(self) -> Spent:
        """What the answer has used so far."""
        used = self.usage
        tokens = used.fresh + used.cached + used.stored + used.answered
        cost = self._gate.cost_of(self.cleared, used)
        return Spent(used.model or self.cleared.model, tokens, cost)

    def _said(self, text: str) -> Said:
        self.shown += text
        return Said(text)
