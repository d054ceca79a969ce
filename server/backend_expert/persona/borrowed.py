"""A borrowed model: the editor asks one that it has, and its answer comes back as events."""

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import msgspec

from backend_expert.persona.events import Event, Failed, Proposed, Text, Usage
from backend_expert.persona.gate import Cleared
from backend_expert.persona.outgoing import Block, Outgoing
from backend_expert.persona.proposal import SCHEMA

NAME = "the editor's own model"
FENCE = "```propose_edits\n"
END = "```"
# It has no tool of ours, so its edits come as text.
EDITS = (
    "You have no tools here. What is meant for the tool `propose_edits` goes after the text of the "
    "answer into one fenced block, which begins with the line ```propose_edits and holds JSON by "
    "this schema; nothing comes after it. Each edit replaces whole lines; `old` must be exactly "
    "what stands there now.\n\n"
)


class Message(msgspec.Struct, frozen=True):
    """What one side says; `user` or `assistant`."""

    role: str
    text: str


class Lent(msgspec.Struct, frozen=True):
    """The name of the model that has answered; the last thing that is told."""

    model: str


class Unlent(Exception):
    """The editor has not asked its model; the message says why."""


Complete = Callable[[tuple[Message, ...], int], AsyncGenerator[str | Lent]]
"""Asks the editor's model with messages, for so many tokens at most; raises `Unlent`."""


class Borrowed:
    """Asks through the editor, which knows the key and the price."""

    name = "borrowed"

    def __init__(self, complete: Complete) -> None:
        self._complete = complete

    def model_for(self, task: str) -> str:
        """A name for people: which model it is, only the editor knows."""
        return NAME

    async def prepare(self) -> None:
        """Nothing is to be read."""

    async def count(self, cleared: Cleared) -> int | None:
        """Nobody says."""
        return None

    async def close(self) -> None:
        """There is no connection of our own."""

    async def stream(self, cleared: Cleared) -> AsyncGenerator[Event]:
        """The answer as it comes. It never raises: what goes wrong is the last event."""
        sent, splitter = cleared.outgoing, _Splitter()
        try:
            async with aclosing(self._complete(messages(sent), sent.max_tokens)) as parts:
                async for part in parts:
                    if isinstance(part, Lent):
                        yield Usage(part.model)
                    elif text := splitter.feed(part):
                        yield Text(text)
        except Unlent as error:
            yield Failed("lent", str(error))
            return
        if rest := splitter.end():
            yield Text(rest)
        if sent.wants_edits and splitter.edits:
            yield Proposed(splitter.edits)
        if not splitter.has_text:
            yield Failed("lent", "its answer is empty")


def messages(sent: Outgoing) -> tuple[Message, ...]:
    """A request as plain messages: the instructions go before the first question."""
    said = [Message(turn.role, _joined(turn.blocks)) for turn in sent.turns]
    asked = EDITS + json.dumps(SCHEMA) if sent.wants_edits else ""
    said[-1] = Message(said[-1].role, "\n\n".join(filter(None, (said[-1].text, asked))))
    return (Message("user", _joined(sent.system)), *said) if sent.system else tuple(said)


def _joined(blocks: tuple[Block, ...]) -> str:
    return "\n\n".join(block.text for block in blocks if block.text.strip())


class _Splitter:
    """Takes the block of edits out of a text that comes in parts."""

    def __init__(self) -> None:
        self._held = ""
        self._is_inside = False
        self.has_text = False

    def feed(self, text: str) -> str:
        """The text that can be shown by now."""
        self._held += text
        self.has_text = self.has_text or bool(text.strip())
        if self._is_inside:
            return ""
        at = self._held.find(FENCE)
        if at >= 0:
            self._is_inside = True
            shown, self._held = self._held[:at], self._held[at + len(FENCE) :]
            return shown
        # What may be the beginning of the block waits for more.
        keep = next((n for n in range(len(FENCE), 0, -1) if self._held.endswith(FENCE[:n])), 0)
        cut = len(self._held) - keep
        shown, self._held = self._held[:cut], self._held[cut:]
        return shown

    def end(self) -> str:
        """What was kept back and is no block."""
        return "" if self._is_inside else self._held

    @property
    def edits(self) -> str:
        """The JSON of the block; empty for none."""
        return self._held.rpartition(END)[0].strip() if self._is_inside else ""
