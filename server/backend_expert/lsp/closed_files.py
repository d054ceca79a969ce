"""Closed files: what the scout last found in the workspace's files that are not open."""

import asyncio
import contextlib
import hashlib
import logging
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import msgspec

from backend_expert.lsp.capabilities import Client
from backend_expert.lsp.convert import uri_of
from backend_expert.lsp.reports import Report
from backend_expert.lsp.scout import COMMAND, Ended, Job, Known, Seen
from backend_expert.lsp.wire import Frames, encode

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

log = logging.getLogger(__name__)

MOST_FILES = 2_000
WHAT = "Checking the workspace's files"
CHUNK = 1 << 16


class _Kept(msgspec.Struct, frozen=True):
    """A file's report, and what it was made of."""

    known: Known
    report: Report


class ClosedFiles:
    """The reports of files that are not open.

    They are made by a process that is started when something may have changed and ends when it has
    looked at everything. A report's id is made of what it says.
    """

    def __init__(self, door: "Door") -> None:
        self._door = door
        self._kept: dict[str, _Kept] = {}
        self._epoch = -1
        self._changes = -1
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._has_told = False

    async def reports(self) -> AsyncGenerator[tuple[str, Report]]:
        """The URI and report of each file, as they are found."""
        documents = self._door.documents
        if not any(map(os.path.isdir, documents.roots)):
            return
        async with self._turn:
            if self._epoch != documents.epoch:
                self._kept.clear()
                self._epoch = documents.epoch
            if self._changes == documents.changes and watches(self._door.client):
                for path, kept in tuple(self._kept.items()):
                    yield uri_of(path), kept.report
                return
            changes = documents.changes
            with self._door.doing.checking(WHAT):
                async with aclosing(self._scouted()) as found:
                    async for path, report in found:
                        yield uri_of(path), report
            self._changes = changes

    async def _scouted(self) -> AsyncGenerator[tuple[str, Report]]:
        epoch, seen = self._epoch, set[str]()
        async with aclosing(self._run(self._job())) as answers:
            async for answer in answers:
                if isinstance(answer, Ended):
                    self._forget_all_but(seen)
                    self._tell(answer.files)
                    return
                kept = self._kept.get(answer.path)
                if answer.items or kept is None:
                    items = bytes(answer.items) or b"[]"
                    id = hashlib.blake2b(items, digest_size=9).hexdigest()
                    kept = _Kept(Known(answer.stamp, answer.imports), Report(items, id))
                    if epoch == self._door.documents.epoch:
                        self._kept[answer.path] = kept
                seen.add(answer.path)
                yield answer.path, kept.report
        log.error("the process that checks the workspace's files died; the open ones are checked")

    def _job(self) -> Job:
        documents = self._door.documents
        paths = (document.path for document in self._door.snapshot().documents.values())
        return Job(
            roots=documents.roots,
            settings=dict(self._door.snapshot().settings),
            client=self._door.client.tree,
            known={path: kept.known for path, kept in self._kept.items()},
            passed=frozenset(path for path in paths if path is not None),
            most=MOST_FILES,
        )

    async def _run(self, job: Job) -> AsyncGenerator[Seen | Ended]:
        """What the process says; it is killed when nobody listens any more."""
        process = await asyncio.create_subprocess_exec(*COMMAND, stdin=PIPE, stdout=PIPE)
        self._process = process
        assert process.stdin is not None and process.stdout is not None
        try:
            with contextlib.suppress(ConnectionError):
                process.stdin.write(encode(job))
                await process.stdin.drain()
                process.stdin.close()
            frames = Frames()
            while data := await process.stdout.read(CHUNK):
                for body in frames.feed(data):
                    yield _decoded(body)
        finally:
            self.stop()
            self._process = None
            await process.wait()

    def stop(self) -> None:
        """Ends the process, if one runs."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    def _forget_all_but(self, seen: set[str]) -> None:
        for path in [path for path in self._kept if path not in seen]:
            del self._kept[path]

    def _tell(self, files: int) -> None:
        if files > MOST_FILES and not self._has_told:
            self._has_told = True
            words = "the workspace has %d files; the first %d and those that are open are checked"
            log.warning(words, files, MOST_FILES)


def _decoded(body: bytes) -> Seen | Ended:
    if body.startswith(b'{"files"'):
        return msgspec.json.decode(body, type=Ended)
    return msgspec.json.decode(body, type=Seen)


def watches(client: Client) -> bool:
    """Whether the client tells of changes on disk, so that nothing need be looked at without."""
    found: Any = client.has("workspace.didChangeWatchedFiles.dynamicRegistration")
    return bool(found)
