"""Transports: standard input and output, or one TCP connection."""

import asyncio
import contextlib
import logging
import os
import sys
import threading

from backend_expert.lsp.door import Door
from backend_expert.lsp.outlet import Outlet
from backend_expert.lsp.plain import PLAIN

log = logging.getLogger(__name__)

CHUNK = 1 << 18
LAST_WORDS = 2.0  # seconds that a client gets to take what was said before the end


async def over_stdio() -> int:
    """Serves a client on standard input and output until it leaves; the exit code.

    Both are taken for ourselves: a stray `print` goes to standard error, and children that are
    started read nothing of what the client says.
    """
    source, target = os.dup(0), os.dup(1)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    loop = asyncio.get_running_loop()

    def listen() -> None:
        """Reads on, unless the client itself must read first."""
        if outlet.is_full:
            loop.remove_reader(source)
        elif not door.has_ended:
            loop.add_reader(source, take_in)

    def take_in() -> None:
        if not _read_once(door, source):
            loop.remove_reader(source)

    outlet = Outlet(target, listen)
    door = Door(outlet.write, PLAIN)
    try:
        listen()
    except (NotImplementedError, OSError):  # Windows; a file instead of a pipe
        outlet.on_change = lambda: None
        arguments = (door, source, loop)
        threading.Thread(target=_read_all, args=arguments, name="reading", daemon=True).start()
    code = await door.closed
    with contextlib.suppress(NotImplementedError, OSError):
        loop.remove_reader(source)
    door.calls.give_up()
    door.tasks.cancel_all()
    await door.asking.close()
    await outlet.drain(LAST_WORDS)
    return code


def _read_once(door: Door, source: int) -> bool:
    """Reads what is there; False at the end of the stream."""
    try:
        data = os.read(source, CHUNK)
    except BlockingIOError:
        return True
    except OSError:
        data = b""
    if data:
        door.feed(data)
    else:
        door.end()
    return bool(data)


def _read_all(door: Door, source: int, loop: asyncio.AbstractEventLoop) -> None:
    while True:
        try:
            data = os.read(source, CHUNK)
        except OSError:
            data = b""
        with contextlib.suppress(RuntimeError):  # the loop has ended
            if data:
                loop.call_soon_threadsafe(door.feed, data)
            else:
                loop.call_soon_threadsafe(door.end)
        if not data:
            return


async def over_tcp(host: str, port: int) -> int:
    """Serves the first client that connects, until it leaves; the exit code."""
    loop = asyncio.get_running_loop()
    served: asyncio.Future[int] = loop.create_future()
    server = await loop.create_server(lambda: _Connection(served), host, port)
    address = server.sockets[0].getsockname()
    print(f"listening on {address[0]}:{address[1]}", file=sys.stderr, flush=True)
    async with server:
        return await served


class _Connection(asyncio.Protocol):
    """One client over TCP; a second one is turned away."""

    taken = False

    def __init__(self, served: "asyncio.Future[int]") -> None:
        self._served = served
        self._door: Door | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if _Connection.taken:
            log.warning("a second client was turned away")
            transport.close()
            return
        _Connection.taken = True
        self._transport = transport
        self._door = Door(transport.write, PLAIN)
        self._door.closed.add_done_callback(lambda closed: self._end(transport, closed.result()))

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

    def _end(self, transport: asyncio.Transport, code: int) -> None:
        transport.close()
        if not self._served.done():
            self._served.set_result(code)
