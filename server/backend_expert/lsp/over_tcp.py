"""Serving a client on one TCP connection."""

import asyncio
import logging
import sys

from backend_expert.lsp.door import Door
from backend_expert.lsp.leaving import left
from backend_expert.lsp.plain import PLAIN

log = logging.getLogger(__name__)


async def over_tcp(host: str, port: int) -> int:
    """Serves the first client that connects, until it leaves; the exit code.

    A second one is turned away.
    """
    loop = asyncio.get_running_loop()
    first: asyncio.Future[Door] = loop.create_future()
    server = await loop.create_server(lambda: _Connection(first), host, port)
    address = server.sockets[0].getsockname()
    print(f"listening on {address[0]}:{address[1]}", file=sys.stderr, flush=True)
    async with server:
        return await left(await first)


class _Connection(asyncio.Protocol):
    """One client. Its door is told to `first`, unless another was first."""

    def __init__(self, first: asyncio.Future[Door]) -> None:
        self._first = first
        self._door: Door | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if self._first.done():
            log.warning("a second client was turned away")
            transport.close()
            return
        self._transport = transport
        self._door = Door(transport.write, PLAIN)
        self._door.closed.add_done_callback(lambda _: transport.close())
        self._first.set_result(self._door)

    def data_received(self, data: bytes) -> None:
        if self._door is not None:
            self._door.feed(data)

    def pause_writing(self) -> None:
        if self._transport is not None:  # it must read before it is read
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        if self._transport is not None:
            self._transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._door is not None:
            self._door.end()
