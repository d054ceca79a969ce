"""What the gate answers: a request that may be sent, or why it may not."""

import hashlib
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from backend_expert.persona.gate.placeholders import Kind, Placeholders
from backend_expert.persona.gate.restorer import Restorer, restore, restore_json
from backend_expert.persona.outgoing import Outgoing

Reason = Literal["consent", "declined", "denied", "size", "cost", "day", "hovers"]


class Destination(msgspec.Struct, frozen=True):
    """Where a request goes. base_url: empty for the provider's own."""

    provider: str
    base_url: str = ""

    @property
    def name(self) -> str:
        """The provider, and the host where it is not the provider's own; never a login in it."""
        if not self.base_url:
            return self.provider
        try:
            parts = urlsplit(self.base_url)
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            return self.provider
        return f"{self.provider} at {parts.hostname or 'an unknown host'}{port}"


class Estimate(msgspec.Struct, frozen=True):
    """How large a request is, and the most that it can cost with its answer.

    is_counted: the provider counted the tokens. cost: in USD; None when the price is not known.
    """

    tokens: int
    is_counted: bool
    cost: float | None


class TakenOut(msgspec.Struct, frozen=True):
    """A part of a request that is not sent, and why, as half a sentence."""

    title: str
    path: str
    reason: str


class Refused(msgspec.Struct, frozen=True):
    """Why nothing is sent; `sentence` says so to the person, with what to do.

    `consent`: nobody has been asked yet. `declined`: they said no. `denied`: what is asked about
    may not leave. `size`, `cost`: of this request. `day`, `hovers`: what may be spent in a day.
    """

    kind: Reason
    sentence: str


class Cleared(msgspec.Struct, frozen=True, eq=False):
    """A request that may be sent: `outgoing`, and nothing else.

    placeholders: to be given to the gate with the next request of the same conversation. began:
    the gate's own time, from which it counts how long the answer took.
    """

    outgoing: Outgoing
    destination: Destination
    model: str
    is_hover: bool
    placeholders: Placeholders
    estimate: Estimate
    taken_out: tuple[TakenOut, ...]
    kept_back: Mapping[Kind, int]
    began: float

    def restore(self, text: str) -> str:
        """A text of the answer with its secrets put back."""
        return restore(text, self.placeholders)

    def restore_json(self, text: str) -> str:
        """A JSON document of the answer with the secrets put back into its strings."""
        return restore_json(text, self.placeholders)

    def restorer(self) -> Restorer:
        """What puts the secrets back into an answer as it streams in."""
        return Restorer(self.placeholders)

    @property
    def digest(self) -> str:
        """The hash of what is sent."""
        return hashlib.sha256(sent_text(self.outgoing).encode("utf-8", "replace")).hexdigest()


def sent_text(outgoing: Outgoing) -> str:
    """All texts that are sent, in order, with who says them."""
    parts = [f"system\n{block.text}" for block in outgoing.system]
    parts += [f"{turn.role}\n{block.text}" for turn in outgoing.turns for block in turn.blocks]
    return "\n\n".join(parts)
