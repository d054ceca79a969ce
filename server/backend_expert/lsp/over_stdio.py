"""Serving a client on standard input and output."""

import asyncio
import contextlib
import logging
import os
import threading

from backend_expert.lsp.door import Door
from backend_expert.lsp.leaving import left
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
    await door.closed
    with contextlib.suppress(NotImplementedError, OSError):
        loop.remove_reader(source)
    code = await left(door)
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
