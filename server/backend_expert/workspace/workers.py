"""Worker processes that do the work of a scan."""

import gc
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, Generic, TypeVar

from backend_expert.workspace.scan import Make, Outcome, Work, outcome_of

T = TypeVar("T")


class Workers(Generic[T]):
    """Processes that work on chunks. One that dies is replaced; its chunk is done file by file."""

    def __init__(self, make: Make[T], jobs: int, seconds: float) -> None:
        self._make = make
        self._jobs = jobs
        self._seconds = seconds

    def run(self, chunks: list[tuple[str, ...]]) -> Iterator[Outcome[T]]:
        """The outcomes of all chunks, in order."""
        at = 0
        while at < len(chunks):
            with self._pool(self._jobs) as pool:
                try:
                    for outcomes in self._results(pool, chunks[at:]):
                        yield from outcomes
                        at += 1
                except GeneratorExit:
                    pool.shutdown(wait=False, cancel_futures=True)
                    raise
                except BrokenProcessPool:
                    pass
            if at < len(chunks):
                yield from self._one_by_one(chunks[at])
                at += 1

    def _results(
        self, pool: ProcessPoolExecutor, chunks: list[tuple[str, ...]]
    ) -> Iterator[list[Outcome[T]]]:
        """The chunks' outcomes in order, with a few more chunks under way than workers."""
        waiting: list[Future[list[Outcome[T]]]] = []
        ahead = self._jobs * 3
        for chunk in chunks:
            waiting.append(pool.submit(_work_on, chunk, self._seconds))
            if len(waiting) > ahead:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()

    def _one_by_one(self, chunk: tuple[str, ...]) -> Iterator[Outcome[T]]:
        for path in chunk:
            try:
                with self._pool(1) as pool:
                    outcomes: list[Outcome[T]] = pool.submit(
                        _work_on, (path,), self._seconds
                    ).result()
                yield from outcomes
            except BrokenProcessPool:
                yield Outcome(path, error="the process that checked it died")

    def _pool(self, jobs: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            jobs, mp_context=get_context("spawn"), initializer=_start, initargs=(self._make,)
        )


_work: list[Work[Any]] = []


def _start(make: Make[Any]) -> None:
    """Prepares a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers
    gc.disable()  # what is made for all files stays
    _work.append(make())
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    gc.enable()


def _work_on(paths: tuple[str, ...], seconds: float) -> list[Outcome[Any]]:
    return [outcome_of(_work[0], path, seconds) for path in paths]
