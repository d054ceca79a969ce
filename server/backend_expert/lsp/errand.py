"""An errand: a process of its own that is told on its standard input what to do, then ends.

It shares nothing with the server, so a keystroke never waits for it, and it can be stopped at any
time.
"""

import contextlib
import gc
import logging
import os
import sys
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

T = TypeVar("T")


def command(module: str) -> tuple[str, ...]:
    """What starts a module as an errand; nothing of the workspace is imported by it."""
    return (sys.executable, "-P", "-m", module)


def run(job: type[T], done: Callable[[T], Iterable[bytes]]) -> None:
    """Does the job that stands on standard input; each answer is written as soon as it is there."""
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        _run(job, done)


def _run(job: type[T], done: Callable[[T], Iterable[bytes]]) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    with contextlib.suppress(OSError, AttributeError):
        os.nice(10)  # what the person does goes first
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    out = os.dup(1)
    os.dup2(2, 1)  # a stray `print` goes to standard error
    told = msgspec.json.decode(sys.stdin.buffer.read(), type=job)
    with open(out, "wb", buffering=0) as pipe:
        for answer in done(told):
            data = memoryview(answer)
            while data:
                data = data[pipe.write(data) or 0 :]
