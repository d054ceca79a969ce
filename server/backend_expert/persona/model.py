"""Models: who answers a brief. One protocol; the offline expert is the one that needs no key."""

from collections.abc import AsyncIterator
from typing import Protocol

import msgspec

from backend_expert.persona.brief import Brief
from backend_expert.text.edit import Edit


class Text(msgspec.Struct, frozen=True):
    """The next part of the answer, in Markdown."""

    text: str


class Edits(msgspec.Struct, frozen=True):
    """Edits that the answer proposes, in offsets of the brief's document; not proved yet."""

    title: str
    edits: tuple[Edit, ...]


Event = Text | Edits


class Model(Protocol):
    """Answers briefs. An answer is a stream of events; closing it stops the work."""

    name: str

    def stream(self, brief: Brief) -> AsyncIterator[Event]:
        """The answer to a brief, as it comes."""
        ...
