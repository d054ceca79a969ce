"""Work on many files, here or in workers: in order, and no file takes another down with it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Generic, TypeVar

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
        from backend_expert.workspace.workers import Workers  # what it imports takes its time

        outcomes = Workers(make, min(jobs, len(chunks)), seconds).run(chunks)
    for done, outcome in enumerate(outcomes, 1):
        yield outcome
        if progress is not None:
            progress(done)


def _here(paths: Sequence[str], make: Make[T], seconds: float) -> Iterator[Outcome[T]]:
    work = make()
    for path in paths:
        yield outcome_of(work, path, seconds)


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


def outcome_of(work: Work[T], path: str, seconds: float) -> Outcome[T]:
    """What comes of doing the work on a path within some seconds of this process's own."""
    try:
        with TimeLimit(seconds, of_work=True):
            return Outcome(path, work(path))
    except OutOfTime:
        return Outcome(path, error=f"not checked within {seconds:g} s")
    except OSError as error:
        return Outcome(path, error=(error.strerror or str(error)).lower())
    except Exception as error:  # one file never takes the others down
        return Outcome(path, error=f"{type(error).__name__}: {error}")
