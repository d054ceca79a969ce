"""HTTP/1.1 as far as the server needs it: a request read, an answer written, a client that left."""

import asyncio
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

MOST_BODY = 32 * 1024 * 1024


class TooLarge(Exception):
    """The body is larger than the API takes."""


class Head:
    """The first line and the headers of a request."""

    def __init__(self, raw: bytes) -> None:
        first, *lines = raw.decode("latin-1").split("\r\n")
        self.method, self.target, _ = first.split(" ", 2)
        pairs = (line.partition(":") for line in lines if line)
        self.headers = [(key.strip(), value.strip()) for key, _, value in pairs]

    def get(self, name: str, default: str = "") -> str:
        """A header's value."""
        return next((v for k, v in self.headers if k.lower() == name), default)


class Wire:
    """One connection. `watch` sees the client leave while an answer is on its way."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._ahead = b""

    async def head(self) -> Head | None:
        """The next request's head; None when there is no more."""
        try:
            raw = self._ahead + await self._reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        self._ahead = b""
        return Head(raw.removesuffix(b"\r\n\r\n"))

    async def body(self, head: Head) -> bytes:
        """The request's body.

        Raises:
            TooLarge: it is larger than the API takes.
        """
        if "chunked" in head.get("transfer-encoding").lower():
            return await self._chunks()
        length = int(head.get("content-length", "0"))
        if length > MOST_BODY:
            raise TooLarge
        return await self._reader.readexactly(length)

    async def _chunks(self) -> bytes:
        body = b""
        while True:
            size = int((await self._reader.readline()).split(b";")[0], 16)
            body += await self._reader.readexactly(size)
            await self._reader.readline()
            if len(body) > MOST_BODY:
                raise TooLarge
            if not size:
                return body

    async def watch(self) -> None:
        """Returns when the client has left; never when it sends more."""
        try:
            self._ahead = await self._reader.read(1)
        except ConnectionError:
            return
        if self._ahead:
            await asyncio.Event().wait()

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        """The status line and headers."""
        try:
            phrase = HTTPStatus(status).phrase
        except ValueError:
            phrase = "Overloaded" if status == 529 else "Unknown"
        lines = [f"HTTP/1.1 {status} {phrase}", *(f"{k}: {v}" for k, v in headers.items())]
        await self.raw("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n")

    async def json(self, status: int, value: Any, headers: Mapping[str, str]) -> bytes:
        """A whole answer; bytes are sent as they are."""
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        size = {"content-length": str(len(body))}
        await self.start(status, {"content-type": "application/json", **size, **headers})
        await self.raw(body)
        return body

    async def chunk(self, data: bytes) -> None:
        """One chunk of a streamed body; an empty one ends it."""
        await self.raw(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def raw(self, data: bytes) -> None:
        """Bytes to the client."""
        self._writer.write(data)
        await self._writer.drain()

    def close(self) -> None:
        """The end of the connection, once what was said is on its way."""
        self._writer.close()

    def abort(self) -> None:
        """The end of the connection, whether the other side reads or not."""
        self._writer.transport.abort()
