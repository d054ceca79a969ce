"""Settings files: `.backend-expert.toml`, or `[tool.backend-expert]` in pyproject.toml."""

import re
import tomllib
from pathlib import Path
from typing import Any, cast

import msgspec

OWN = ".backend-expert.toml"
SHARED = "pyproject.toml"
NAMES = (OWN, SHARED)

_TOML_LINE = re.compile(r"\((?:at line (\d+), column \d+|at end of document)\)")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_HEADER = re.compile(r"\s*\[\[?\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_WORD = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*\.?""")


class Complaint(msgspec.Struct, frozen=True, order=True):
    """Something wrong with settings: where (line from 1; 0 when there is none) and what to do."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}"


class SettingsFile(msgspec.Struct, frozen=True):
    """One settings file as written; patterns in it count from `folder`."""

    path: str
    folder: str
    table: dict[str, Any]
    text: str = ""
    complaint: Complaint | None = None

    def line_of(self, *keys: str) -> int:
        """The line of a key of our table, or of the nearest table above it that is written."""
        prefix = ("tool", "backend-expert") if Path(self.path).name == SHARED else ()
        lines = _lines(self.text)
        wanted = (*prefix, *keys)
        while wanted:
            if wanted in lines:
                return lines[wanted]
            wanted = wanted[:-1]
        return 1


def nearest(folder: str, root: str, known: dict[str, SettingsFile | None]) -> SettingsFile | None:
    """The settings file for files of `folder`: the first on the way up to `root`.

    `known` remembers what each folder on the way has, for the next call.
    """
    if folder in known:
        return known[folder]
    found = read_folder(folder)
    above = str(Path(folder).parent)
    if found is None and folder != root and above != folder:
        found = nearest(above, root, known)
    known[folder] = found
    return found


def read_folder(folder: str) -> SettingsFile | None:
    """The settings file of one folder; our own file goes before pyproject.toml."""
    for name in NAMES:
        found = read(Path(folder, name))
        if found is not None:
            return found
    return None


def read(path: Path) -> SettingsFile | None:
    """One settings file, shared or all ours; None when it is not there or has no table of ours."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):  # a single file may be the root
        return None
    except (OSError, UnicodeDecodeError) as error:
        return _broken(path, "", 0, f"cannot be read: {error}") if path.name != SHARED else None
    is_own = path.name != SHARED
    if not is_own and "backend-expert" not in text:
        return None
    try:
        table: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _broken(path, text, _line_of_error(error, text), _plain(error))
    if not is_own:
        table = table.get("tool", {})
        table = table.get("backend-expert") if isinstance(table, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if table is None:
            return None
        if not isinstance(table, dict):
            return _broken(path, text, 1, "`tool.backend-expert` must be a table")
    return SettingsFile(str(path), str(path.parent), cast("dict[str, Any]", table), text)


def kebab(key: str) -> str:
    """`per_path` and `perPath` as `per-path`: editors' settings are written so."""
    return re.sub(r"(?<=[a-z])([A-Z])", r"-\1", key).lower().replace("_", "-")


def _broken(path: Path, text: str, line: int, message: str) -> SettingsFile:
    return SettingsFile(str(path), str(path.parent), {}, text, Complaint(str(path), line, message))


def _line_of_error(error: tomllib.TOMLDecodeError, text: str) -> int:
    found = _TOML_LINE.search(str(error))
    return int(found[1]) if found and found[1] else text.count("\n") + 1


def _plain(error: tomllib.TOMLDecodeError) -> str:
    words = _TOML_LINE.sub("", str(error)).strip()
    return f"not valid TOML: {words[:1].lower()}{words[1:]}"


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """The line of each key and table header, by its full path; the first one counts."""
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            table = _words(header[1])
            path = table
        else:
            key = _KEY.match(line)
            if not key:
                continue
            path = (*table, *_words(key[1]))
        for length in range(1, len(path) + 1):
            found.setdefault(path[:length], number)
    return found


def _words(dotted: str) -> tuple[str, ...]:
    return tuple(a or b or c for a, b, c in _WORD.findall(dotted))
