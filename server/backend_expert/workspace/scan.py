"""Work on many files in worker processes: in order, and no file takes another down with it."""

import gc
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from backend_expert.workspace.limits import OutOfTime, TimeLimit

T = TypeVar("T")
Work = Callable[[str], T]
Make = Callable[[], Work[T]]

JOBS = 2
# A worker takes half a second to start, so little work is done on the spot.
_LITTLE = 400_000
_CHUNK_BYTES, _CHUNK_FILES = 200_000, 40
# Of a process's own work: a busy machine must not make findings vanish.
SECONDS_FOR_A_FILE = 30.0


class Outcome(msgspec.Struct, Generic[T], frozen=True):
    """What came of one file: a value, or why there is none, in half a sentence."""

    path: str
    value: T | None = None
    error: str = ""


def scan(
    paths: Sequence[str],
    make: Make[T],
    *,
    jobs: int = JOBS,
    progress: Callable[[int], None] | None = None,
    seconds: float = SECONDS_FOR_A_FILE,
) -> Iterator[Outcome[T]]:
    """The outcomes of all files, in the order of `paths`.

    `make` is called once in each process (so it must be picklable) and gives the work to do for a
    path. `progress` hears how many files are done.
    """
    chunks = _chunks(paths)
    if jobs <= 1 or len(chunks) < 2 or sum(map(_size, paths)) < _LITTLE:
        outcomes = _here(paths, make, seconds)
    else:
        outcomes = _Workers(make, min(jobs, len(chunks)), seconds).run(chunks)
    for done, outcome in enumerate(outcomes, 1):
        yield outcome
        if progress is not None:
            progress(done)


def _here(paths: Sequence[str], make: Make[T], seconds: float) -> Iterator[Outcome[T]]:
    work = make()
    for path in paths:
        yield _outcome(work, path, seconds)


def _chunks(paths: Sequence[str]) -> list[tuple[str, ...]]:
    """The paths in runs of about the same size in bytes."""
    chunks: list[tuple[str, ...]] = []
    run: list[str] = []
    size = 0
    for path in paths:
        run.append(path)
        size += _size(path)
        if size >= _CHUNK_BYTES or len(run) >= _CHUNK_FILES:
            chunks.append(tuple(run))
            run, size = [], 0
    if run:
        chunks.append(tuple(run))
    return chunks


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


class _Workers(Generic[T]):
    """Processes that work on chunks. One that dies is replaced; its chunk is done file by file."""

    def __init__(self, make: Make[T], jobs: int, seconds: float) -> None:
        self._make = make
        self._jobs = jobs
        self._seconds = seconds

    def run(self, chunks: list[tuple[str, ...]]) -> Iterator[Outcome[T]]:
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
    return [_outcome(_work[0], path, seconds) for path in paths]


def _outcome(work: Work[T], path: str, seconds: float) -> Outcome[T]:
    try:
        with TimeLimit(seconds, of_work=True):
            return Outcome(path, work(path))
    except OutOfTime:
        return Outcome(path, error=f"not checked within {seconds:g} s")
    except OSError as error:
        return Outcome(path, error=(error.strerror or str(error)).lower())
    except Exception as error:  # one file never takes the others down
        return Outcome(path, error=f"{type(error).__name__}: {error}")
