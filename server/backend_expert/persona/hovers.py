"""The expert in hovers: words on the query under the cursor, made while the person reads on."""

import asyncio
import logging
import time
from pathlib import Path

from backend_expert.ide.views import placed_endpoints, query_at
from backend_expert.lint.checked import Checked
from backend_expert.persona.brief import brief
from backend_expert.persona.gate import Refused
from backend_expert.persona.hover_settings import HoverSettings
from backend_expert.persona.kept_words import KeptWords, key_of
from backend_expert.persona.letter import letter
from backend_expert.persona.outgoing import Outgoing
from backend_expert.persona.place import Place
from backend_expert.persona.replies import Replies
from backend_expert.persona.round import Round
from backend_expert.persona.task import read
from backend_expert.text.span import Span

log = logging.getLogger(__name__)

PATIENCE = 0.25  # seconds that a hover waits; with what it does itself it stays below 0.3
PAUSE = 0.12  # seconds that the cursor must rest before anything is sent
REST = 60.0  # seconds after a failure in which nothing is asked
TASK = Path(__file__).parent / "hover.md"


class Hovers:
    """What the expert says in hovers. One answer at a time is under way."""

    def __init__(self, replies: Replies, kept: KeptWords, settings: HoverSettings) -> None:
        self._replies = replies
        self._kept = kept
        self._settings = settings
        self._task = read(TASK)
        self._key = ""
        self._going: asyncio.Task[str] | None = None
        self._ending: set[asyncio.Task[str]] = set()
        self._rests_until = 0.0

    async def words(self, checked: Checked, offset: int, workspace: str) -> str:
        """What the expert says of what stands at `offset`; empty for nothing (yet).

        An answer that takes longer goes on, and is there at the next hover; it is given up when
        the cursor comes to rest on something else.
        """
        model = self._replies.model
        span = self._span(checked, offset)
        if model is None or span is None or self._settings.expert == "off":
            return ""
        outgoing = letter(brief(self._task, Place(checked, span)), workspace)
        key = key_of(outgoing, model.model_for("hover"))
        if key != self._key and self._going is not None:
            self._give_up(self._going)
        kept = self._kept.get(key)
        if kept or not self._may_ask(workspace):
            return kept
        going = self._going
        if going is None:
            going = asyncio.create_task(self._asked(outgoing, key))
            self._key, self._going = key, going
        await asyncio.wait({going}, timeout=PATIENCE)
        if not going.done():
            return ""
        if self._going is going:
            self._going = None
        return _result(going)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is under way."""
        return self._going is not None and not self._going.done()

    def _give_up(self, going: asyncio.Task[str]) -> None:
        """Ends an answer, whose connection then closes in its own time."""
        going.cancel()
        self._going = None
        self._ending.add(going)
        going.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        """Gives up what is under way, and waits until it has ended."""
        if self._going is not None:
            self._give_up(self._going)
        await asyncio.gather(*self._ending, return_exceptions=True)

    def _span(self, checked: Checked, offset: int) -> Span | None:
        """What is explained: the query at `offset`; always, an endpoint or finding too."""
        query = query_at(checked, offset)
        if query is not None:
            return query.span
        if self._settings.expert != "always":
            return None
        for placed in placed_endpoints(checked):
            if placed.span.touches(offset):
                return placed.body
        return next((span for _, span in checked.all() if span.touches(offset)), None)

    def _may_ask(self, workspace: str) -> bool:
        wish = self._settings.expert
        return (
            wish in ("auto", "always")
            and self._replies.gate.consent(workspace) == "hovers"
            and time.monotonic() >= self._rests_until
        )

    async def _asked(self, outgoing: Outgoing, key: str) -> str:
        """The model's words, kept for the next time; empty when there are none."""
        await asyncio.sleep(PAUSE)
        model, gate = self._replies.model, self._replies.gate
        assert model is not None
        name = model.model_for("hover")
        cleared = gate.clear(outgoing, self._replies.destination, name, hover=True)
        if isinstance(cleared, Refused):
            self._rests_until = time.monotonic() + REST
            return ""
        going = Round(gate, model, cleared)
        async for _ in going.parts():
            pass
        if going.failed is not None:
            self._rests_until = time.monotonic() + REST
            return ""
        text = going.shown.strip()
        if text:
            self._kept.put(key, text)
        return text


def _result(going: asyncio.Task[str]) -> str:
    if going.cancelled():
        return ""
    if (error := going.exception()) is not None:
        log.error("the expert said nothing in a hover: %r", error, exc_info=error)
        return ""
    return going.result()
