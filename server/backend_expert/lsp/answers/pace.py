"""The pace of a growing answer: at most five times a second, and always once more at the end."""

import asyncio
from collections.abc import Callable

PAUSE = 0.2  # seconds


class Pace:
    """Calls `refresh` soon after each `step`, but not more often than every `PAUSE`."""

    def __init__(self, refresh: Callable[[], None], pause: float = PAUSE) -> None:
        self._refresh = refresh
        self._pause = pause
        self._next = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def step(self) -> None:
        """Something more is there."""
        loop = asyncio.get_running_loop()
        if self._timer is None:
            wait = max(self._next - loop.time(), 0)
            if wait:
                self._timer = loop.call_later(wait, self._do)
            else:
                self._do()

    def end(self) -> None:
        """All is there."""
        if self._timer is not None:
            self._timer.cancel()
        self._do()

    def stop(self) -> None:
        """Nothing more is to be shown."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _do(self) -> None:
        self._timer = None
        self._next = asyncio.get_running_loop().time() + self._pause
        self._refresh()
