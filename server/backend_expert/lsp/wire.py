"""The wire: JSON-RPC messages out of a stream of bytes, and into one."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import msgspec

log = logging.getLogger(__name__)

LONGEST_HEAD = 64 * 1024
LONGEST_BODY = 512 * 1024 * 1024

_decoder = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder()


class Raw:
    """A value that is JSON already."""

    __slots__ = ("json",)

    def __init__(self, json: bytes) -> None:
        self.json = json


class Frames:
    """Collects bytes and hands out whole bodies. A broken head is dropped and told in the log."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._length: int | None = None
        self._discard = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bodies that `data` completes."""
        buffer = self._buffer
        buffer += data
        while buffer:
            if self._discard:
                dropped = min(self._discard, len(buffer))
                del buffer[:dropped]
                self._discard -= dropped
                continue
            if self._length is None and not self._read_head():
                return
            length = self._length
            if length is None:
                continue
            if len(buffer) < length:
                return
            body = bytes(memoryview(buffer)[:length])
            del buffer[:length]
            self._length = None
            yield body

    def _read_head(self) -> bool:
        """Whether a head was there (then it is taken off, and sets `_length` if it was good)."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > LONGEST_HEAD:
                log.error("dropped %d bytes that hold no message head", len(self._buffer))
                self._buffer.clear()
            return False
        head = bytes(self._buffer[:end])
        del self._buffer[: end + 4]
        length = _content_length(head)
        if length is None:
            log.error("dropped a message head without a content length: %.200r", head)
        elif length > LONGEST_BODY:
            log.error("dropped a message of %d bytes: more than %d", length, LONGEST_BODY)
            self._discard = length
        else:
            self._length = length
        return True


def _content_length(head: bytes) -> int | None:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        # Whatever junk stands before the head's last line break belongs to no message.
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            return int(value)
    return None


def decode(body: bytes) -> Any:
    """A body as plain data. Lone surrogates are kept, as `json` keeps them.

    Raises:
        ValueError: it is no JSON, or too deeply nested.
    """
    try:
        return _decoder.decode(body)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("the message is nested too deeply") from None


def encode(message: Any) -> bytes:
    """Plain data as a body; lone surrogates become escapes."""
    try:
        return _encoder.encode(message)
    except UnicodeEncodeError:
        return json.dumps(message).encode("ascii")


def framed(body: bytes) -> bytes:
    """A body with its head."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def response(message_id: str | int | None, result: Any) -> bytes:
    """The body of an answer."""
    value = result.json if isinstance(result, Raw) else encode(result)
    return b'{"jsonrpc":"2.0","id":%b,"result":%b}' % (encode(message_id), value)


def failure(message_id: str | int | None, code: int, message: str, data: Any = None) -> bytes:
    """The body of an error answer."""
    error = {"code": code, "message": message} | ({} if data is None else {"data": data})
    return encode({"jsonrpc": "2.0", "id": message_id, "error": error})


def notification(method: str, params: Any) -> bytes:
    """The body of a notification."""
    value = params.json if isinstance(params, Raw) else encode(params)
    return b'{"jsonrpc":"2.0","method":%b,"params":%b}' % (encode(method), value)
