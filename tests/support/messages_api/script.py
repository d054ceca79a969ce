"""What a script can say: answers made of steps, and failures."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Thinks:
    """A thinking block; with no text it is one whose text is omitted."""

    text: str
    signature: str


@dataclass(frozen=True)
class Calls:
    """A call of a client tool; `json` streams in pieces of `width` characters."""

    tool: str
    json: str
    width: int


@dataclass(frozen=True)
class Waits:
    """A pause of the stream."""

    seconds: float


@dataclass(frozen=True)
class Holds:
    """The stream stands still until the client leaves."""


@dataclass(frozen=True)
class Awaits:
    """The stream stands still until a test sets the event."""

    event: threading.Event


@dataclass(frozen=True)
class Pings:
    """A `ping` event."""


@dataclass(frozen=True)
class Cuts:
    """The connection is closed here, in the middle of the body."""


@dataclass(frozen=True)
class Sends:
    """Bytes as they are: a malformed event."""

    raw: bytes


@dataclass(frozen=True)
class Breaks:
    """An `error` event; the stream ends with it."""

    type: str
    message: str


Step = str | Thinks | Calls | Waits | Holds | Awaits | Pings | Cuts | Sends | Breaks


@dataclass(frozen=True)
class Answer:
    """A successful answer.

    stop: the stop reason; by default that of what was said. details: the stop's details.
    answered: tokens of the answer; by default a quarter of its characters. headers_after: seconds
    until even the status line is sent. ends: whether `message_delta` and `message_stop` follow.
    """

    steps: tuple[Step, ...]
    stop: str | None = None
    details: Mapping[str, Any] | None = None
    answered: int | None = None
    headers_after: float = 0.0
    ends: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """An error status. `body` replaces the API's own error body, as a gateway's would."""

    status: int
    type: str
    message: str
    details: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


Script = Answer | Failure
Matcher = Callable[[Any], bool]
"""Says of a request's JSON whether a script is for it."""
Written = Callable[[Any], Script]
"""Writes the script for a request, by its JSON."""

ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    408: "timeout_error",
    409: "conflict_error",
    413: "request_too_large",
    422: "invalid_request_error",
    429: "rate_limit_error",
    500: "api_error",
    502: "api_error",
    503: "overloaded_error",
    504: "timeout_error",
    529: "overloaded_error",
}


def answer(*steps: Step, **options: Any) -> Answer:
    """An answer of steps; each string is one piece of text. Options are those of `Answer`."""
    return Answer(steps, **options)


def fails(
    status: int,
    message: str = "",
    *,
    type: str = "",
    retry_after: float | None = None,
    headers: Mapping[str, str] | None = None,
    details: Mapping[str, Any] | None = None,
    body: bytes | None = None,
) -> Failure:
    """A failure with the status's own error type, and `retry-after` if wanted."""
    kind = type or ERROR_TYPES.get(status, "api_error")
    wait = {} if retry_after is None else {"retry-after": f"{retry_after:g}"}
    return Failure(
        status, kind, message or f"scripted {kind}", details, wait | dict(headers or {}), body
    )


def thinks(text: str = "", signature: str = "c2lnbmF0dXJl") -> Thinks:
    """A thinking block."""
    return Thinks(text, signature)


def calls(tool: str, given: Any, width: int = 20) -> Calls:
    """A tool call; a string is streamed as it is, anything else as its JSON."""
    return Calls(tool, given if isinstance(given, str) else json.dumps(given), width)


def waits(seconds: float) -> Waits:
    """A pause."""
    return Waits(seconds)


def holds() -> Holds:
    """Nothing more until the client leaves."""
    return Holds()


def awaits(event: threading.Event) -> Awaits:
    """Nothing more until the event is set."""
    return Awaits(event)


def pings() -> Pings:
    """A ping."""
    return Pings()


def cuts() -> Cuts:
    """The connection breaks off."""
    return Cuts()


def sends(raw: bytes) -> Sends:
    """Raw bytes into the event stream."""
    return Sends(raw)


def breaks(type: str, message: str = "scripted") -> Breaks:
    """An error event within the stream."""
    return Breaks(type, message)


def contains(words: str) -> Matcher:
    """Whether the words stand anywhere in the texts of a request."""
    return lambda body: any(words in text for text in _texts(body))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return []
