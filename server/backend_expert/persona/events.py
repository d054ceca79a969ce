"""What an answer is made of: a stream of events, from the offline expert or from a model."""

from typing import Literal

import msgspec

from backend_expert.text.edit import Edit


class Text(msgspec.Struct, frozen=True):
    """The next part of the answer, in Markdown."""

    text: str


class Edits(msgspec.Struct, frozen=True):
    """Edits that the answer proposes, in offsets of the brief's document; not proved yet."""

    title: str
    edits: tuple[Edit, ...]


class Proposed(msgspec.Struct, frozen=True):
    """Edits as a model wrote them: the JSON of its tool call, whole but not read yet."""

    json: str


class Usage(msgspec.Struct, frozen=True):
    """What an answer has used so far, in tokens; told again whenever it grows.

    fresh, cached, stored: of the request, those not in the model's cache, those read from it and
    those written into it. answered: of the answer.
    """

    model: str = ""
    fresh: int = 0
    cached: int = 0
    stored: int = 0
    answered: int = 0


Kind = Literal[
    "offline",
    "no key",
    "bad key",
    "forbidden",
    "no model",
    "no network",
    "timeout",
    "rate limit",
    "overload",
    "too large",
    "bad request",
    "server",
    "refusal",
    "max tokens",
    "filtered",
    "malformed",
    "cut",
    "no credit",
    "setup",
    "lent",
    "budget",
]


class Failed(msgspec.Struct, frozen=True):
    """Why there is no more of the answer. It is the last event.

    kind: “offline” when the settings say that no model is asked, “no key” when none is set up,
    “setup” when something else of the access is missing or wrong, “cut” when the connection broke
    within the answer, “budget” when the user's own limit is reached; the others are what the other
    side said or did.
    detail: what the other side said of it, without secrets. request_id: for a support request.
    retry_after: seconds to wait, when it was told.
    """

    kind: Kind
    detail: str = ""
    request_id: str = ""
    retry_after: float | None = None


Event = Text | Edits | Proposed | Usage | Failed
