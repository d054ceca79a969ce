"""The survey: the sketches of the workspace, made when they are asked for and kept while true."""

import asyncio
from asyncio.subprocess import PIPE
from typing import TYPE_CHECKING, Any

import msgspec

from backend_expert.ide.service.shapes import Range, Sketch, Spot
from backend_expert.lsp import errand
from backend_expert.lsp.closed_files import MOST_FILES, watches
from backend_expert.lsp.convert import uri_of
from backend_expert.lsp.wire import encode
from backend_expert.text.encoding import Encoding

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

COMMAND = errand.command("backend_expert.lsp.surveyor")


class Job(msgspec.Struct, frozen=True):
    """What to look at; `texts` are those of open files, which may not be saved."""

    roots: tuple[str, ...]
    settings: dict[str, Any]
    encoding: Encoding
    texts: dict[str, str]
    most: int


class Survey:
    """The sketches as they were last, and what they were made of."""

    def __init__(self, door: "Door") -> None:
        self._door = door
        self._turn = asyncio.Lock()
        self._made_of: object = None
        self._sketches: tuple[Sketch, ...] = ()

    async def sketches(self) -> tuple[Sketch, ...]:
        """Every file's sketch; made anew when a file, an open text or a setting has changed.

        Raises:
            RuntimeError: the process that makes them failed.
        """
        async with self._turn:
            documents = self._door.documents
            snapshot = self._door.snapshot()
            versions = tuple((uri, d.version) for uri, d in snapshot.documents.items())
            made_of = (documents.epoch, documents.changes, versions)
            if made_of != self._made_of or not watches(self._door.client):
                self._sketches = await self._made()
                self._made_of = made_of
            return self._sketches

    async def _made(self) -> tuple[Sketch, ...]:
        snapshot = self._door.snapshot()
        job = Job(
            roots=self._door.documents.roots,
            settings=dict(snapshot.settings),
            encoding=self._door.client.encoding,
            texts={d.path: d.text for d in snapshot.documents.values() if d.path is not None},
            most=MOST_FILES,
        )
        process = await asyncio.create_subprocess_exec(*COMMAND, stdin=PIPE, stdout=PIPE)
        try:
            out, _ = await process.communicate(encode(job))
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            raise RuntimeError("the process that reads the workspace failed; the log says more")
        return msgspec.json.decode(out, type=tuple[Sketch, ...])


def place_of(spot: Spot) -> dict[str, Any]:
    """A spot as the client's `uri` and `range`."""
    return {"uri": uri_of(spot.path), "range": range_of(spot.range)}


def range_of(found: Range) -> dict[str, Any]:
    """A range as LSP has it."""
    line, character, end_line, end_character = found
    return {
        "start": {"line": line, "character": character},
        "end": {"line": end_line, "character": end_character},
    }
