"""Mounting: the files of a project that put routers in their places, found step by step."""

import os
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import msgspec

from backend_expert.facts.code import Import
from backend_expert.flow.endpoints import routes_of
from backend_expert.flow.file import FileFlow
from backend_expert.flow.routes import NO_ROUTES, Routes
from backend_expert.technologies.catalogue import catalogue
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import read
from backend_expert.workspace.kinds import is_test
from backend_expert.workspace.modules import Listing, candidates, listing
from backend_expert.workspace.routing import Routing

_LARGEST = 400_000  # bytes; larger files are data, or generated
_MOST_KEPT = 20_000
_HOPS = 3  # how many re-exports one after the other are followed

_Stamp = tuple[int, int]


class Said(msgspec.Struct, frozen=True):
    """What a file says of routing, and the names that it imports, with their dotted names."""

    routes: Routes = NO_ROUTES
    imports: dict[str, str] = {}


_NOTHING = Said()
# What is known of files on disk, each until it changes: whether it mounts anything, what it says.
_mounts: OrderedDict[str, tuple[_Stamp, bool]] = OrderedDict()
_said: OrderedDict[str, tuple[_Stamp, Said]] = OrderedDict()


class Mounting:
    """What the files of one project say of routing, those on disk and the open ones.

    `files` lists the project's files; it is asked once. `names` tells what a folder holds, where
    that is not on disk. What is known of a file on disk is kept for as long as the file is as it
    was, so making a new one of these is cheap.
    """

    def __init__(
        self, root: str, files: Callable[[], Iterable[str]], names: Listing | None = None
    ) -> None:
        self.root = root
        self.is_ready = False
        self._files = files
        self._on_disk: dict[str, None] = {}
        self._changed: set[str] = set()
        self._steps = self._find()
        self._names = names or cache(listing)
        self._open: dict[str, Said] = {}
        self._routing: Routing | None = None

    def step(self) -> bool:
        """Looks at one more file; False when there is none left."""
        self.is_ready = next(self._steps, None) is None
        return not self.is_ready

    def finish(self) -> None:
        """Looks at all files that are left."""
        while self.step():
            pass

    @property
    def files(self) -> tuple[str, ...]:
        """The files on disk that mount something, as far as they have been looked at."""
        return tuple(self._on_disk)

    def forget(self, path: str) -> None:
        """Has a file that changed on disk looked at again."""
        self._changed.add(path)

    def routing(self, open_files: dict[str, Said]) -> Routing:
        """The routing of the project, `open_files` (by path) in the place of those on disk."""
        mine = {path: said for path, said in sorted(open_files.items()) if self._has(path)}
        if self._routing is None or self._changed or self._open != mine:
            for path in self._changed | (self._open.keys() - mine.keys()):
                self._on_disk.pop(path, None)
                if self._has(path) and _says_mount(path):
                    self._on_disk[path] = None
            self._changed.clear()
            self._open = mine
            table = _Table({path: said.routes for path, said in mine.items()})
            files = dict.fromkeys((*self._on_disk, *mine))
            counted = [p for p in files if self._counts(p) and table[p].mounts]
            self._routing = Routing(table, self._resolve, counted)
        return self._routing

    def _find(self) -> Iterator[str]:
        for path in self._files():
            if self._has(path) and self._counts(path) and _says_mount(path):
                self._on_disk[path] = None
                _told(path)
            yield path

    def _has(self, path: str) -> bool:
        return path.startswith(self.root.rstrip(os.sep) + os.sep)

    def _counts(self, path: str) -> bool:
        """Whether a file's mounts are those of the service; tests mount what they test."""
        return not is_test(path[len(self.root) :].lstrip(os.sep).replace(os.sep, "/"))

    def _resolve(self, dotted: str, path: str, hops: int = 0) -> Iterator[tuple[str, str]]:
        """The files that may hold a name, with the name in them, through re-exports."""
        speech = _speech(path)
        for file, name in candidates(dotted, path, self.root, speech, self._names):
            yield file, name
            if hops < _HOPS:
                said = self._open.get(file) or _told(file)
                first, dot, rest = name.partition(".")
                for known in (first, f"exports.{first}") if first else ("default",):
                    if known in said.imports:
                        dotted = said.imports[known] + dot + rest
                        yield from self._resolve(dotted, file, hops + 1)


class _Table(dict[str, Routes]):
    """What files say of routing, read from disk when first asked for."""

    def __missing__(self, path: str) -> Routes:
        self[path] = _told(path).routes
        return self[path]

    def get(self, path: str, default: Routes | None = None) -> Routes | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """As `self[path]`."""
        return self[path]


def said_of(document: Document) -> Said:
    """What an open document says of routing; the same object while that is the same."""
    kept = document.lineage.get("routes")
    before = kept if isinstance(kept, _Open) else None
    if before is not None and before.pieces is document.pieces:
        return before.said
    items = [piece.item for piece in document.pieces]
    known = catalogue(_speech(document.path or ""))
    flow = FileFlow(items, known, before=before.flow if before is not None else None)
    said = _said_by(flow)
    if before is not None and before.said == said:
        said = before.said
    document.lineage["routes"] = _Open(document.pieces, flow, said)
    return said


class _Open(msgspec.Struct, frozen=True, eq=False):
    """What was worked out for one version of an open document."""

    pieces: object
    flow: FileFlow
    said: Said


def _said_by(flow: FileFlow) -> Said:
    names = flow.outline.names.items()
    imports = {n: b.node.dotted for n, b in names if isinstance(b.node, Import)}
    return Said(routes_of(flow), imports)


def _speech(path: str) -> str:
    return "python" if path.endswith((".py", ".pyi")) else "javascript"


@cache
def _words(speech: str) -> re.Pattern[bytes]:
    """What a file of a language has in it that mounts a router, by what technologies say."""
    names = {
        name.rpartition(".")[2]
        for technology in catalogue(speech).technologies.values()
        for entry in technology.call
        if entry.role == "mount"
        for name in entry.names
    }
    return re.compile(rb"\b(?:" + "|".join(sorted(map(re.escape, names))).encode() + rb")\s*\(")


def _says_mount(path: str) -> bool:
    """Whether a file on disk may mount a router, told from its bytes."""
    stamp = _stamp(path)
    if stamp is None:
        return False
    known = _mounts.get(path)
    if known is None or known[0] != stamp:
        try:
            data = Path(path).read_bytes()
        except OSError:
            return False
        known = _mounts[path] = stamp, _words(_speech(path)).search(data) is not None
        if len(_mounts) > _MOST_KEPT:
            _mounts.popitem(last=False)
    return known[1]


def _told(path: str) -> Said:
    """What a file on disk says, read without the project's other files."""
    stamp = _stamp(path)
    if stamp is None:
        return _NOTHING
    known = _said.get(path)
    if known is None or known[0] != stamp:
        try:
            document = read(Path(path))
        except OSError:
            return _NOTHING
        items = [] if document.skipped else [piece.item for piece in document.pieces]
        known = _said[path] = stamp, _said_by(FileFlow(items, catalogue(_speech(path))))
        if len(_said) > _MOST_KEPT:
            _said.popitem(last=False)
    return known[1]


def _stamp(path: str) -> _Stamp | None:
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return (stat.st_mtime_ns, stat.st_size) if stat.st_size <= _LARGEST else None
