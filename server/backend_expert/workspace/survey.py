"""The survey of a project: where on disk its migrations, tests and models lie, read when asked."""

import os
import re
from collections import OrderedDict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from weakref import WeakKeyDictionary

import msgspec

from backend_expert.languages.registry import language_of
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import decoded
from backend_expert.workspace.files import Ignores
from backend_expert.workspace.kinds import is_migration, is_test, is_vendored
from backend_expert.workspace.neighbours import Neighbours

_MOST_ENTRIES = 30_000
_LARGEST = 400_000  # bytes; larger files are data, or generated
_MOST_KEPT = 24_000_000  # characters of all files together
_MOST_PARSED = 64
_MODELS = re.compile(r"(^|/)(models?|entit(y|ies)|domain|orm|tables?)(/|\.\w+$|_\w+\.py$)"
                     r"|\.(entity|model)\.[jt]s$|(^|/)schema\.(py|[jt]s)$", re.I)  # fmt: skip
_SCHEMA = re.compile(r"(schema|structure|init|ddl|tables|database)[\w.-]*\.sql$", re.I)
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"(\d+)")
_CLASS = re.compile(r"^(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\s+(\w+)[^\n]*", re.M)
_TABLE = re.compile(
    r"(?:__tablename__\s*(?::[^=\n]+)?=|db_table\s*=|tableName\s*[:=]|@(?:Entity|Table)\(\s*(?:\{"
    r"\s*(?:name|tableName)\s*:)?)\s*[\"'](\w+(?:\.\w+)?)[\"']"
)


class Model(msgspec.Struct, frozen=True):
    """A class that may be mapped: its file, its name, and the table that it names, if it does."""

    path: str
    name: str
    table: str = ""


class _Texts:
    """Files as text, each until it changes on disk, those used last when they are too many."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[tuple[int, int], str]] = OrderedDict()
        self._parsed: OrderedDict[str, tuple[str, Document]] = OrderedDict()
        self._size = 0

    def text(self, path: str) -> str:
        """A file's text; empty when it cannot be read or is too large."""
        try:
            status = os.stat(path)
            stamp = (status.st_mtime_ns, status.st_size)
            known = self._known.get(path)
            if known is not None and known[0] == stamp:
                self._known.move_to_end(path)
                return known[1]
            text = decoded(Path(path).read_bytes()) if status.st_size <= _LARGEST else ""
        except OSError:
            return ""
        if known is not None:
            self._size -= len(known[1])
        self._known[path] = (stamp, text)
        self._size += len(text)
        while self._size > _MOST_KEPT:
            _, (_, old) = self._known.popitem(last=False)
            self._size -= len(old)
        return text

    def document(self, path: str) -> Document | None:
        """A file cut into pieces; None when no reader reads it."""
        text = self.text(path)
        known = self._parsed.get(path)
        if known is not None and known[0] is text:
            self._parsed.move_to_end(path)
            return known[1]
        if not text or language_of(path) is None:
            return None
        document = Document.open(Path(path).as_uri(), text, path=path)
        if document.skipped:
            return None
        self._parsed[path] = (text, document)
        if len(self._parsed) > _MOST_PARSED:
            self._parsed.popitem(last=False)
        return document


_TEXTS = _Texts()


class Survey:
    """The files below a root that other files are understood by. What is open is not looked at."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._words: dict[str, frozenset[str]] = {}
        self.notes: dict[object, object] = {}  # what others work out and want to keep

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the files, by name."""
        found = {language_of(path) or "" for path in self._files}
        return tuple(sorted(found - {""}))

    @cached_property
    def schemas(self) -> tuple[str, ...]:
        """SQL files beside the migrations that are named as those with a whole schema are."""
        return tuple(
            path for path in self._files if _SCHEMA.search(path) and path not in self.migrations
        )

    @cached_property
    def _files(self) -> tuple[str, ...]:
        return tuple(_below(self.root))

    @cached_property
    def migrations(self) -> tuple[str, ...]:
        """The migrations, folder by folder, each folder's in the order in which they are made."""
        found = [path for path in self._files if is_migration(self.relative(path))
                 and not path.endswith("__init__.py")]  # fmt: skip
        return tuple(sorted(found, key=in_order))

    @cached_property
    def tests(self) -> tuple[str, ...]:
        """The files of tests."""
        return tuple(path for path in self._files if is_test(self.relative(path)))

    @cached_property
    def models(self) -> tuple[Model, ...]:
        """The classes of files that are named as those of models are."""
        found: list[Model] = []
        for path in self._files:
            relative = self.relative(path)
            if _MODELS.search(relative) and not is_test(relative) and not is_migration(relative):
                found += _models_in(path, self.text(path))
        return tuple(found)

    @cached_property
    def by_name(self) -> dict[str, list[Model]]:
        """The models by the names of their classes."""
        found: dict[str, list[Model]] = {}
        for model in self.models:
            found.setdefault(model.name, []).append(model)
        return found

    def relative(self, path: str) -> str:
        """A path from the root, with `/`."""
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    def text(self, path: str) -> str:
        """A file's text; empty when it cannot be read or is too large."""
        return _TEXTS.text(path)

    def words(self, path: str) -> frozenset[str]:
        """The words of a file's text in lower case, kept: they leave files out of a search."""
        if path not in self._words:
            self._words[path] = frozenset(_WORD.findall(self.text(path).lower()))
        return self._words[path]

    def document(self, path: str) -> Document | None:
        """A file cut into pieces; None when no reader reads it."""
        return _TEXTS.document(path)


_SURVEYS: WeakKeyDictionary[Neighbours, dict[str, Survey]] = WeakKeyDictionary()


def survey_of(neighbours: Neighbours, root: str) -> Survey:
    """The survey below a root, kept until files on disk change, as the neighbours are."""
    known = _SURVEYS.setdefault(neighbours, {})
    if root not in known:
        known[root] = Survey(root)
    return known[root]


def in_order(path: str) -> list[tuple[int, str]]:
    """A key by which `2_a` comes before `10_b`."""
    parts = _NUMBER.split(path)
    return [(int(part), "") if at % 2 else (0, part) for at, part in enumerate(parts)]


def _below(root: str) -> Iterator[str]:
    ignores = Ignores(root)
    seen = 0
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        folders: list[str] = []
        for entry in found:
            seen += 1
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(".") and not is_vendored(entry.name + "/"):
                    folders.append(entry.path)
            elif language_of(entry.name) is not None and not entry.is_symlink():
                yield entry.path
        if seen > _MOST_ENTRIES:
            return
        waiting += [f for f in reversed(folders) if not ignores.ignores(f, is_folder=True)]


def _models_in(path: str, text: str) -> Iterator[Model]:
    heads = list(_CLASS.finditer(text))
    for at, head in enumerate(heads):
        end = heads[at + 1].start() if at + 1 < len(heads) else len(text)
        # A decorator that names the table stands above the class, behind the one before.
        above = max(text.rfind("\n\n", 0, head.start()), heads[at - 1].end() if at else 0, 0)
        table = _TABLE.search(text, above, end)
        yield Model(path, head[1], table[1].rpartition(".")[2].lower() if table else "")
