"""The scout: an errand that checks the files that are not open.

It answers on its standard output with one frame for each file, as it gets to them.
"""

import contextlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from backend_expert.ide import diagnostics as ide
from backend_expert.lsp import errand
from backend_expert.lsp.capabilities import Client
from backend_expert.lsp.convert import uri_of
from backend_expert.lsp.fragments import Renderer, Shape
from backend_expert.lsp.wire import encode, framed
from backend_expert.workspace.documents import Snapshot, read

log = logging.getLogger(__name__)

Stamp = tuple[int, int]  # time of the last change, and size
COMMAND = errand.command("backend_expert.lsp.scout")


class Known(msgspec.Struct, frozen=True):
    """What the server has of a file: its stamp then, and the files that it imports."""

    stamp: Stamp
    imports: tuple[str, ...] = ()


class Job(msgspec.Struct, frozen=True):
    """What to look at. `passed` are paths not to be checked, `most` how many files at most."""

    roots: tuple[str, ...]
    settings: dict[str, Any]
    client: dict[str, Any]
    known: dict[str, Known]
    passed: frozenset[str]
    most: int


class Seen(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of a file: its diagnostics as JSON; none when they are those that are known."""

    path: str
    stamp: Stamp
    imports: tuple[str, ...] = ()
    items: msgspec.Raw = msgspec.Raw(b"")


class Ended(msgspec.Struct, frozen=True):
    """The end of the job: how many files there are, checked or not."""

    files: int


def scouted(job: Job) -> Iterator[Seen | Ended]:
    """Does a job."""
    told: set[tuple[str, str]] = set()

    def on_error(rule: str, error: Exception) -> None:
        if (rule, type(error).__name__) not in told:
            told.add((rule, type(error).__name__))
            log.error("rule %s failed and was passed over: %r", rule, error, exc_info=error)

    lasting: dict[str, Any] = {"on_error": on_error}
    empty = Snapshot(MappingProxyType({}), job.roots, job.settings, lasting)
    renderer = Renderer(Shape.of(Client(job.client)))
    files = ide.workspace_files(empty)
    stamps: dict[str, Stamp] = {}
    for path in files[: job.most]:
        with contextlib.suppress(OSError):  # it vanished
            stat = os.stat(path)
            stamps[path] = (stat.st_mtime_ns, stat.st_size)
    known = job.known
    changed = {p for p, s in stamps.items() if p not in known or known[p].stamp != s}
    for path, stamp in stamps.items():
        if path in job.passed:
            continue
        if path not in changed and changed.isdisjoint(known[path].imports):
            yield Seen(path, stamp)
        else:
            seen = _seen(empty, renderer, path, stamp)
            if seen is not None:
                yield seen
    yield Ended(len(files))


def _seen(empty: Snapshot, renderer: Renderer, path: str, stamp: Stamp) -> Seen | None:
    uri = uri_of(path)
    items, imports = b"[]", ()
    try:
        document = read(Path(path), uri)
        if not document.skipped:
            snapshot = empty.including(document)
            items = renderer.render(snapshot, document, ide.diagnostics(snapshot, uri))
            imports = ide.imported(snapshot, uri)
    except OSError:  # it vanished, or may not be read
        return None
    except Exception as error:  # one file never takes the others down
        log.error("checking %s failed: %r", path, error, exc_info=error)
    return Seen(path, stamp, imports, msgspec.Raw(items))


if __name__ == "__main__":
    errand.run(Job, lambda job: (framed(encode(told)) for told in scouted(job)))
