"""The way out: messages written to a descriptor without ever waiting for a client that is slow.

What the client has not taken yet is kept here. While it is much, `is_full` says so, and nothing
more should be read from the client: it gets no more answers than it takes.
"""

import asyncio
import contextlib
import logging
import os
import select
from collections import deque
from collections.abc import Callable

log = logging.getLogger(__name__)

FULL = 4 << 20  # bytes waiting from which on nothing more is read
FREE = 1 << 20  # and below which reading goes on
MOST = 256 << 20  # a client that leaves so much lying is given up


class Outlet:
    """Writes whole messages, in order; `on_change` hears when it gets full and free again."""

    def __init__(self, target: int, on_change: Callable[[], None]) -> None:
        self._target = target
        self.on_change = on_change
        self._waiting: deque[memoryview] = deque()
        self._size = 0
        self._error: OSError | None = None
        self._loop = asyncio.get_running_loop()
        self.is_full = False
        self._has_told = False
        self._can_wait = self._prepare()

    def _prepare(self) -> bool:
        """Whether the descriptor can be watched; a file (and all on Windows) is written at once."""
        if os.isatty(self._target):  # the shell would find it changed
            return False
        try:
            self._loop.add_writer(self._target, self._go_on)
            self._loop.remove_writer(self._target)
            os.set_blocking(self._target, False)
        except (NotImplementedError, OSError, AttributeError):
            return False
        return True

    def write(self, data: bytes) -> None:
        """Writes `data` now or as soon as the client takes it.

        Raises:
            OSError: the client is gone, or leaves too much lying.
        """
        if self._error is not None:
            raise self._error
        if not self._waiting:
            rest = self._push(memoryview(data))
            if not rest:
                return
            self._loop.add_writer(self._target, self._go_on)
        else:
            rest = memoryview(data)
        self._waiting.append(rest)
        self._size += len(rest)
        if self._size > MOST:
            raise OSError(f"it has left {self._size >> 20} MiB of our messages unread")
        if self._size > FULL and not self.is_full:
            if not self._has_told:
                log.warning("the client does not read; nothing more is read from it until it does")
            self._has_told = self.is_full = True
            self.on_change()

    def _push(self, data: memoryview) -> memoryview:
        """Writes what can be written; the rest."""
        while data:
            try:
                data = data[os.write(self._target, data) :]
            except BlockingIOError:
                if self._can_wait:
                    return data
                select.select([], [self._target], [])
        return data

    def _go_on(self) -> None:
        """The client takes more."""
        try:
            while self._waiting:
                data = self._waiting.popleft()
                rest = self._push(data)
                self._size -= len(data) - len(rest)
                if rest:
                    self._waiting.appendleft(rest)
                    break
        except OSError as error:
            self._error = error
            self._waiting.clear()
            self._size = 0
        if not self._waiting:
            self._loop.remove_writer(self._target)
        if self.is_full and self._size < FREE:
            self.is_full = False
            self.on_change()

    async def drain(self, seconds: float) -> None:
        """Waits until all is written, but not longer than that."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._waiting:
                    await asyncio.sleep(0.005)
        if self._can_wait:
            self._loop.remove_writer(self._target)
