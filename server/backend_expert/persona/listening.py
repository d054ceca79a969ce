"""The raw events of the Messages API, made the events of an answer one by one."""

from collections.abc import Iterator
from typing import Any

import msgspec

from backend_expert.persona.events import Event, Failed, Kind, Proposed, Text, Usage


class _Tokens(msgspec.Struct, frozen=True):
    input_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    output_tokens: int = 0


class _Message(msgspec.Struct, frozen=True):
    model: str
    usage: _Tokens


class _Opened(msgspec.Struct, frozen=True):
    type: str
    text: str = ""
    name: str = ""


class _More(msgspec.Struct, frozen=True):
    type: str
    text: str = ""
    partial_json: str = ""


class _Details(msgspec.Struct, frozen=True):
    category: str | None = None
    explanation: str | None = None


class _End(msgspec.Struct, frozen=True):
    stop_reason: str | None = None
    stop_details: _Details | None = None


class _Started(msgspec.Struct, frozen=True, tag="message_start"):
    message: _Message


class _BlockOpened(msgspec.Struct, frozen=True, tag="content_block_start"):
    index: int
    content_block: _Opened


class _BlockMore(msgspec.Struct, frozen=True, tag="content_block_delta"):
    index: int
    delta: _More


class _BlockClosed(msgspec.Struct, frozen=True, tag="content_block_stop"):
    index: int


class _Ended(msgspec.Struct, frozen=True, tag="message_delta"):
    delta: _End
    usage: _Tokens = _Tokens()


class _Stopped(msgspec.Struct, frozen=True, tag="message_stop"):
    pass


_Raw = _Started | _BlockOpened | _BlockMore | _BlockClosed | _Ended | _Stopped
_KNOWN = (
    *("message_start", "message_delta", "message_stop"),
    *("content_block_start", "content_block_delta", "content_block_stop"),
)
_WHOLE = ("end_turn", "stop_sequence", "tool_use")
_STOPS: dict[str, Kind] = {
    "max_tokens": "max tokens",
    "refusal": "refusal",
    "model_context_window_exceeded": "too large",
    "content_filter": "filtered",
    "content_filtered": "filtered",
}


class Malformed(ValueError):
    """An event that is not as the specification has it."""


class Listener:
    """Hears one answer. `is_over` after its last event, `has_begun` once there is content."""

    def __init__(self) -> None:
        self.has_begun = False
        self.is_over = False
        self._usage = Usage()
        self._blocks = 0
        self._open: dict[int, str] = {}
        self._calls: dict[int, list[str]] = {}
        self._reason: str | None = None
        self._details = _Details()

    def hear(self, raw: dict[str, Any]) -> Iterator[Event]:
        """What one raw event adds to the answer.

        Raises:
            Malformed: it is not as the specification has it, or does not follow the ones before.
        """
        if raw.get("type") not in _KNOWN:
            return  # the specification asks to pass over kinds of events that one does not know
        try:
            event: _Raw = msgspec.convert(raw, _Raw)
        except msgspec.ValidationError as error:
            raise Malformed(f"{raw['type']}: {error}") from None
        match event:
            case _Started(message):
                self._usage = Usage(message.model)
                yield self._used(message.usage)
            case _BlockOpened(index, block):
                yield from self._opened(index, block)
            case _BlockMore(index, more):
                yield from self._more(index, more)
            case _BlockClosed(index):
                self._open.pop(index, None)
            case _Ended(end, usage):
                self._reason = end.stop_reason or self._reason
                self._details = end.stop_details or self._details
                yield self._used(usage)
            case _Stopped():
                self.is_over = True
                yield from self._last()

    def _opened(self, index: int, block: _Opened) -> Iterator[Event]:
        self.has_begun = True
        self._open[index] = block.type
        if block.type == "tool_use":
            self._calls[index] = []
        elif block.type == "text":
            self._blocks += 1
            between = "\n\n" if self._blocks > 1 else ""
            if between + block.text:
                yield Text(between + block.text)

    def _more(self, index: int, more: _More) -> Iterator[Event]:
        if index not in self._open:
            raise Malformed(f"content_block_delta: block {index} is not open")
        if more.type == "text_delta" and more.text:
            yield Text(more.text)
        elif more.type == "input_json_delta" and index in self._calls:
            self._calls[index].append(more.partial_json)

    def _used(self, usage: _Tokens) -> Usage:
        """The usage so far; counts that an event leaves out stay as they were."""
        before = self._usage
        fresh, cached = usage.input_tokens, usage.cache_read_input_tokens
        stored = usage.cache_creation_input_tokens
        self._usage = Usage(
            before.model,
            before.fresh if fresh is None else fresh,
            before.cached if cached is None else cached,
            before.stored if stored is None else stored,
            max(before.answered, usage.output_tokens),
        )
        return self._usage

    def _last(self) -> Iterator[Event]:
        """The calls of an answer that is whole; else why it is not."""
        reason = self._reason
        if reason in _WHOLE:
            for parts in self._calls.values():
                yield Proposed("".join(parts) or "{}")
        elif reason is None:
            yield Failed("malformed", "the answer ended without a reason")
        else:
            said = self._details.explanation or self._details.category or ""
            kind = _STOPS.get(reason)
            yield Failed(kind or "server", said if kind else f"the answer stopped: {reason}")
