"""Time limits: a block of code that takes too long is broken off."""

import signal
import threading
from types import FrameType


class OutOfTime(BaseException):
    """It took too long. No `Exception`, so that nothing on the way keeps it to itself."""


class TimeLimit:
    """Raises `OutOfTime` in the block after some seconds, where the system has alarm signals.

    Seconds by the clock, or of this process's own work (`of_work`), which a busy machine does not
    shorten.
    """

    def __init__(self, seconds: float, *, of_work: bool = False) -> None:
        self._seconds = seconds
        self._is_on = False
        self._is_able = (
            hasattr(signal, "setitimer")
            and seconds > 0
            and threading.current_thread() is threading.main_thread()
        )
        if self._is_able:
            self._timer = signal.ITIMER_VIRTUAL if of_work else signal.ITIMER_REAL
            self._signal = signal.SIGVTALRM if of_work else signal.SIGALRM

    def __enter__(self) -> None:
        if self._is_able:
            self._before = signal.signal(self._signal, self._ring)
            self._is_on = True
            signal.setitimer(self._timer, self._seconds)

    def __exit__(self, *_: object) -> None:
        self._is_on = False
        if self._is_able:
            signal.setitimer(self._timer, 0)
            signal.signal(self._signal, self._before)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        if self._is_on:  # else it rang while the block was being left
            self._is_on = False
            raise OutOfTime
