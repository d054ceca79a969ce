"""The catalogue: every technology file, read once and asked by dotted name."""

import difflib
import logging
import tomllib
import zlib
from functools import cache, lru_cache
from pathlib import Path

import msgspec

from backend_expert import __version__
from backend_expert.technologies.kept import kept_under
from backend_expert.technologies.model import (
    CallEntry,
    ParameterEntry,
    Slot,
    Technology,
    ValueEntry,
)
from backend_expert.technologies.roles import ROLES

log = logging.getLogger(__name__)
FOLDER = Path(__file__).parent / "data"
_NAMES = 8192


class TechnologyError(ValueError):
    """A technology file is wrong; the message names file, line and, where there is one, a cure."""


class Meaning(msgspec.Struct, frozen=True, gc=False):
    """What a call means: its role, the technology that says so, and where its arguments are."""

    role: str
    technology: str
    entry: CallEntry

    @property
    def subject(self) -> Slot | None:
        """Where the argument stands that the role is about."""
        return self.entry.subject

    def has(self, trait: str) -> bool:
        """Whether the technology file gives the call this trait."""
        return trait in self.entry.traits


class Catalogue:
    """The technologies of one language family, indexed by the names they speak of.

    calls(name): the meanings of calling a name. A name that begins with `?`, or that is the
    project's own, has a receiver of unknown type. result(name): the type that calling it gives, or
    None when no file says. member(name): the canonical name of a dotted path: its type where a
    file gives one, else itself.
    """

    def __init__(self, technologies: dict[str, Technology], language: str) -> None:
        self.technologies = {
            id: technology
            for id, technology in technologies.items()
            if language in technology.languages
        }
        self._calls: dict[str, tuple[Meaning, ...]] = {}
        self._loose: dict[str, tuple[Meaning, ...]] = {}
        self._values: dict[str, ValueEntry] = {}
        self.alias: dict[str, str] = {}
        self.types: dict[str, str] = {}
        self._parameters: dict[tuple[str, ...], ParameterEntry] = {}
        self.roots: set[str] = set()
        self._bags: tuple[str, ...] = ()
        for id, technology in self.technologies.items():
            self._take(id, technology)
        self._typed = frozenset(self.types.values())
        for name in (*self._calls, *self._values, *self.types, *self.alias, *self._typed):
            self.roots.add(root_of(name))
        self.roots.discard("")
        # The same names are asked for in file after file, and nothing here changes any more.
        self.calls = lru_cache(_NAMES)(self._meanings)
        self.result = lru_cache(_NAMES)(self._result)
        self.member = lru_cache(_NAMES)(self._member)

    def _take(self, id: str, technology: Technology) -> None:
        self.alias |= technology.alias
        self.types |= technology.types
        self._bags += tuple(bag + end for bag in technology.bags for end in (".", "["))
        for value in technology.value:
            self._values |= dict.fromkeys(value.names, value)
        for parameters in technology.parameters:
            self._parameters[parameters.names] = parameters
        for entry in technology.call:
            meaning = (Meaning(entry.role, id, entry),)
            for name in entry.names:
                self._calls[name] = self._calls.get(name, ()) + meaning
            for name in entry.loose:
                self._loose[name] = self._loose.get(name, ()) + meaning

    def _meanings(self, name: str) -> tuple[Meaning, ...]:
        found = self._calls.get(name)
        if found is not None:
            return found
        is_typed = not name.startswith("?") and root_of(name) in self.roots
        if name.startswith("@") or (is_typed and not name.startswith(self._bags)):
            return ()
        receiver, _, method = name.lstrip("?").rpartition(".")
        if not receiver:
            return ()
        last = receiver.rpartition(".")[2].removesuffix("()").lstrip("_").lower()
        return self._loose.get(f"{last}.{method}") or self._loose.get(f"*.{method}") or ()

    def knows(self, name: str) -> bool:
        """Whether any file speaks of this very name."""
        return name in self._calls or name in self._typed or name in self._values or (
            self.result(name) is not None
        )  # fmt: skip

    def value(self, name: str) -> ValueEntry | None:
        """What the value `name` means, if any file says."""
        return self._values.get(name)

    def _result(self, name: str) -> str | None:
        found = self.types.get(name + "()")
        if found is None and "." in name:
            found = self.types.get(name.rpartition(".")[0] + ".*()")
        return found

    def _member(self, name: str) -> str:
        name = self.alias.get(name, name)
        found = self.types.get(name)
        if found is None and "." in name and name not in self._calls and name not in self._values:
            found = self.types.get(name.rpartition(".")[0] + ".*")
        return found or name

    def parameters(self, names: tuple[str, ...]) -> tuple[str, ...] | None:
        """The types of parameters known by their names alone."""
        found = self._parameters.get(names)
        return found.types if found else None


def root_of(name: str) -> str:
    """The package that a dotted name begins with: `django`, `@prisma/client`, `fs`."""
    if name.startswith("@"):
        scope, slash, rest = name.partition("/")
        return scope + slash + rest.partition(".")[0].partition("/")[0]
    return name.partition(".")[0].partition("/")[0].removesuffix("()")


def family(language: str) -> str:
    """The language whose technologies an LSP language id uses."""
    return "javascript" if language.startswith(("javascript", "typescript")) else language


@cache
def catalogue(language: str) -> Catalogue:
    """The catalogue for a language family (see `family`)."""
    return Catalogue(technologies(), language)


@cache
def technologies() -> dict[str, Technology]:
    """All technology files by id (the file's name); one that is wrong is left out, and said once.

    Reading some ninety TOML files takes a third of a second, so what they say is kept in the user's
    cache folder, under a name made of the files' sizes and times.
    """
    kept = kept_under(_stamp())
    found = kept.load(dict[str, Technology])
    if found is None:
        found = {}
        for file in files():
            try:
                found[file.stem] = read(file)
            except TechnologyError as error:
                log.error("a technology file is left out: %s", error)
        kept.save(found)
    return found


def files() -> list[Path]:
    """The technology files, by name."""
    return sorted(FOLDER.glob("*.toml"))


def _stamp() -> str:
    stats = [(file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files()]
    # Two sums tell versions apart, without the time that hashlib's OpenSSL takes to load.
    times = sum(time for _, _, time in stats)
    return f"technologies-{zlib.crc32(repr((__version__, stats)).encode()):08x}-{times:x}"


def read(file: Path) -> Technology:
    """One technology file, checked.

    Raises:
        TechnologyError: it cannot be read, is no TOML, lacks or exceeds the schema, or uses an
            unknown role.
    """
    try:
        text = file.read_text("utf-8")
        raw = tomllib.loads(text)
        technology = msgspec.convert(raw, Technology)
    except (OSError, ValueError) as error:  # among them what tomllib and msgspec say
        raise TechnologyError(f"{file.name}: {error}") from error
    for entry in (*technology.call, *technology.value):
        if entry.role not in ROLES:
            raise TechnologyError(_unknown_role(file.name, text, entry.role))
    return technology


def _unknown_role(name: str, text: str, role: str) -> str:
    line = text[: text.find(f'"{role}"')].count("\n") + 1
    near = difflib.get_close_matches(role, ROLES, 1)
    cure = f"; did you mean “{near[0]}”?" if near else ""
    return f"{name}:{line}: unknown role “{role}”{cure}"
