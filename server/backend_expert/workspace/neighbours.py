"""Neighbours: the project's other files, read when an import names them."""

import os
import sys
from collections import OrderedDict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from backend_expert.facts.code import Class, Collection, Function, Import
from backend_expert.flow.absence import is_part_of_package, lacking, lacking_export
from backend_expert.flow.declaration import declaration
from backend_expert.flow.elsewhere import NOWHERE_ELSE, Absent, Declared, Elsewhere
from backend_expert.flow.file import FileFlow
from backend_expert.flow.known import TOP
from backend_expert.flow.summary import Effect, Reach, Summary
from backend_expert.flow.value import Value
from backend_expert.technologies.catalogue import catalogue, family
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import read
from backend_expert.workspace.kinds import is_test, is_vendored
from backend_expert.workspace.modules import candidates, listing, roots_of
from backend_expert.workspace.mounts import Mounts, listing_of

_DEPTH = 2  # how many imports one after the other are followed
_MOST_FILES = 400
_LARGEST = 400_000  # bytes; larger files are data, or generated


class _Texts:
    """Files read from disk, the last few hundred of them, each until it changes."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[tuple[int, int], Document]] = OrderedDict()

    def get(self, path: str) -> Document | None:
        try:
            stat = os.stat(path)
            stamp = (stat.st_mtime_ns, stat.st_size)
            known = self._known.get(path)
            if known is not None and known[0] == stamp:
                self._known.move_to_end(path)
                return known[1]
            if stat.st_size > _LARGEST:
                return None
            document = read(Path(path))
        except OSError:
            return None
        self._known[path] = (stamp, document)
        if len(self._known) > _MOST_FILES:
            self._known.popitem(last=False)
        return document


_TEXTS = _Texts()


class Neighbours:
    """The files of one project. Make a new one when files on disk have changed.

    `given` are files by absolute path that stand for those on disk, as in the examples of rules.
    """

    def __init__(self, root: str, given: Mapping[str, Document] | None = None) -> None:
        self.root = root
        self.mounts = Mounts(root, given)
        self._text = _TEXTS.get if given is None else given.get
        self._around: dict[tuple[str, int], _Around] = {}
        self._flows: dict[tuple[str, int], FileFlow | None] = {}
        self.names = cache(listing) if given is None else listing_of(given)

    def of(self, path: str, depth: int = 0) -> Elsewhere:
        """The neighbours of the file at `path`; the same object each time."""
        if depth >= _DEPTH or not self.root:
            return NOWHERE_ELSE
        key = (path, depth)
        if key not in self._around:
            self._around[key] = _Around(self, path, depth)
        return self._around[key]

    def read_for(self, path: str) -> frozenset[str]:
        """The files that the check of the file at `path` has looked into so far."""
        around = self._around.get((path, 0))
        return frozenset(around.read) if around is not None else frozenset()

    def has_read(self, path: str) -> bool:
        """Whether a file has been looked into, so that a change of it may matter to others."""
        return path in self.mounts.files or any(
            (path, depth) in self._flows for depth in range(_DEPTH)
        )

    def flow(self, path: str, depth: int) -> FileFlow | None:
        """Another file in the light of its technologies; None when it cannot be read."""
        key = (path, depth)
        if key not in self._flows:
            document = self._text(path)
            self._flows[key] = None
            if document is not None and not document.skipped and document.language != "sql":
                items = [piece.item for piece in document.pieces]
                known = catalogue(family(document.language))
                self._flows[key] = FileFlow(items, known, self.of(path, depth + 1))
        return self._flows[key]


NO_NEIGHBOURS = Neighbours("")


class _Around:
    """`Elsewhere` for one file."""

    def __init__(self, all: Neighbours, path: str, depth: int) -> None:
        self._all = all
        self._path = path
        self._depth = depth
        self._family = "python" if path.endswith((".py", ".pyi")) else "javascript"
        self.read: set[str] = set()  # the files that were looked into
        self._values: dict[str, Value | None] = {}
        self._summaries: dict[str, Summary | None] = {}

    def guards_above(self) -> tuple[str, ...]:
        """See `Elsewhere`."""
        guards = self._all.mounts.guards_over(self._path)
        self.read.update(self._all.mounts.files)
        return guards

    def value(self, dotted: str) -> Value | None:
        """See `Elsewhere`."""
        if dotted not in self._values:
            self._values[dotted] = self._value(dotted)
        return self._values[dotted]

    def _value(self, dotted: str) -> Value | None:
        for flow, name, _ in self._found(dotted):
            value = _exported(flow, name)
            if value is None:
                continue
            if isinstance(value.node, Function):
                return Value(dotted, node=value.node)
            if value.name.startswith(("@", "?")):
                return None  # a class of that file: its name says nothing here
            if not value.name and value.parts is None:
                return None  # an object put together there: it goes by the name it is known by
            home = f"→{dotted}" if value.parts is not None else ""
            return Value(value.name, (), value.parts, home, value.grows)
        return None

    def summary(self, dotted: str) -> Summary | None:
        """See `Elsewhere`."""
        if dotted not in self._summaries:
            self._summaries[dotted] = self._summary(dotted)
        return self._summaries[dotted]

    def missing(self, dotted: str, member: str = "") -> Absent | None:
        """See `Elsewhere`."""
        if self._family != "python":
            return self._missing_in_script(dotted, member)
        found = self._found(dotted)
        if not found:
            return None
        flow, name, path = found[0]
        chain = name.split(".") if name else []
        if not chain or is_part_of_package(path, chain[0], self._all.names):
            return None
        base = _base(path, dotted.split(".")[: -len(chain)])
        if not dotted.startswith(".") and not self._may_import_from(base, dotted):
            return None
        told = lacking(flow, chain, path)
        if isinstance(told, str):  # it comes from a third file
            return self._all.of(path, self._depth + 1).missing(told)
        return told

    def declared(self, dotted: str, attribute: str) -> Declared | None:
        """See `Elsewhere`."""
        for flow, name, path in self._found(dotted):
            binding = flow.outline.names.get(name)
            if binding is not None and isinstance(binding.node, Import):
                around = self._all.of(path, self._depth + 1)
                return around.declared(binding.node.dotted, attribute)
            if binding is not None and isinstance(binding.node, Class):
                return declaration(flow, name, attribute, path)
        return None

    def _may_import_from(self, base: str, dotted: str) -> bool:
        """Whether a folder is where absolute imports start, the only one that has the name.

        A folder inside a package is none: what has that name there is known by a longer one.
        """
        first = dotted.partition(".")[0]
        if "__init__.py" in self._all.names(base) or first in sys.stdlib_module_names:
            return False
        if is_test(base[len(self._all.root) :].lstrip("/") + "/x"):
            return False
        folders = roots_of(os.path.dirname(self._path), self._all.root)
        return {f for f in folders if {first, first + ".py"} & self._all.names(f)} == {base}

    def _missing_in_script(self, module: str, member: str) -> Absent | None:
        if not module.startswith("."):
            return None
        found = self._found(module)
        if not found:
            stem = os.path.normpath(os.path.join(os.path.dirname(self._path), module))
            folder, name = os.path.split(stem)
            here = self._all.names(folder)
            is_there = any(known.partition(".")[0] == name.partition(".")[0] for known in here)
            known = stem.startswith(self._all.root) and not is_vendored(stem[len(self._all.root) :])
            return Absent(module) if known and not is_there else None
        flow, rest, path = found[0]
        return None if rest or not member else lacking_export(flow, member, path)

    def _summary(self, dotted: str) -> Summary | None:
        for flow, name, path in self._found(dotted):
            answer = flow.answer(("summary", name), TOP)
            if isinstance(answer, Summary):
                return _abroad(answer, flow, path)
        return None

    def _found(self, dotted: str) -> "list[tuple[FileFlow, str, str]]":
        """The flows of the files that may hold a name, with the name in them and their path."""
        found: list[tuple[FileFlow, str, str]] = []
        all = self._all
        for path, name in candidates(dotted, self._path, all.root, self._family, all.names):
            if path != self._path:
                flow = self._all.flow(path, self._depth)
                self.read.add(path)
                if flow is not None:
                    found.append((flow, name, path))
        return found


def _base(path: str, module: list[str]) -> str:
    """The folder in which the first word of a module is looked for."""
    folder = path if path.endswith("/__init__.py") else os.path.dirname(path)
    for _ in module if path.endswith("/__init__.py") else module[:-1]:
        folder = os.path.dirname(folder)
    return os.path.dirname(folder) if path.endswith("/__init__.py") else folder


def _exported(flow: FileFlow, name: str) -> Value | None:
    """What a file makes known under a name; an empty one asks for its default export."""
    for known in (name, f"exports.{name}") if name else ("default",):
        value = flow.answer(("name", known), TOP)
        if isinstance(value, Value):
            return value
    default = flow.outline.names.get("default")
    if name and default is not None and isinstance(default.value, Collection):
        inner = default.value.get(name)
        if inner is not None:
            return flow.reading(default.item).value(inner)
    return None


def _abroad(summary: Summary, flow: FileFlow, path: str) -> Summary:
    """A summary as other files may use it: its spans count from the start of its own file."""

    def moved(part: Reach | Effect) -> Reach | Effect:
        if part.path:
            return part
        item = flow.home(part.home)
        start = 0
        for known in flow.items:
            if known is item:
                break
            start += len(known.text)
        return msgspec.structs.replace(part, span=part.span.moved(start), path=path)

    returns = summary.returns
    return Summary(
        summary.is_async,
        Value("" if returns.name.startswith(("@", "?")) else returns.name, returns.origins),
        tuple(moved(reach) for reach in summary.reaches),  # pyright: ignore[reportArgumentType]
        tuple(moved(effect) for effect in summary.effects),  # pyright: ignore[reportArgumentType]
        summary.is_method,
    )
