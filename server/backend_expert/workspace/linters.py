"""The settings of other linters, read as text: which of their rules are on. None is ever run."""

import os
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

from pathspec import GitIgnoreSpec

from backend_expert.facts.linters import Linters

_RUFF = (".ruff.toml", "ruff.toml", "pyproject.toml")  # the first of a folder counts
_SQUAWK = ".squawk.toml"
_ESLINT = re.compile(r"eslint\.config\.[cm]?[jt]s|\.eslintrc(?:\.(?:json|ya?ml|[cm]?js))?")
_LARGEST = 200_000
_DEEPEST = 4  # settings that extend settings that extend …

_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'\w])//[^\n]*|^\s*#[^\n]*", re.S | re.M)
# A rule with how it is set: `"@typescript-eslint/name": ["error", …]`, `…: 2`, `…: off`.
_RULE = re.compile(r"""@typescript-eslint/([\w-]+)["']?\s*:\s*\[?\s*["']?(\w+)""")
_OFF = ("off", "0")
# The shared sets of rules, old names and new, that hold what is asked about.
_TYPED = re.compile(
    r"(?:recommended|strict)[-_]?type[-_]?checked(?![-_]?only)|recommended-requiring-type-checking",
    re.I,
)
_IN_TYPED = frozenset(("no-floating-promises",))

T = TypeVar("T")


def is_linter_settings(name: str) -> bool:
    """Whether a file of this name may say which rules of a linter are on."""
    return name in (*_RUFF, _SQUAWK) or _ESLINT.fullmatch(name) is not None


def linters_of(folder: str, root: str) -> Linters:
    """What the linters' settings nearest above a folder's files say, none from above the root."""
    if not os.path.isabs(folder):
        return Linters()  # the path of another system, or none
    return Linters(
        ruff=_nearest(folder, root, lambda above: _ruff(above, folder)) or (),
        typescript_eslint=_nearest(folder, root, _eslint) or frozenset(),
        squawk=_nearest(folder, root, _squawk),
    )


def _nearest(folder: str, root: str, read: Callable[[str], T | None]) -> T | None:
    while True:
        found = read(folder)
        above = os.path.dirname(folder)
        if found is not None or folder == root or above == folder:
            return found
        folder = above


def _text(path: str) -> str | None:
    try:
        if os.path.getsize(path) > _LARGEST or not os.path.isfile(path):
            return None
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return None


def _table(path: str) -> dict[str, Any] | None:
    text = _text(path)
    try:
        return tomllib.loads(text) if text is not None else None
    except tomllib.TOMLDecodeError:
        return None


def _ruff(folder: str, asked: str) -> tuple[tuple[str, bool], ...] | None:
    """The selectors of the settings in a folder, none when they leave out what is asked about."""
    for name in _RUFF:
        path = os.path.join(folder, name)
        table = _ruff_table(path)
        if table is not None:
            inside = os.path.relpath(asked, folder).replace(os.sep, "/") + "/"
            left_out = (*_words(table.get("exclude")), *_words(table.get("extend-exclude")))
            if inside != "./" and GitIgnoreSpec.from_lines(left_out).match_file(inside):
                return ()
            return tuple(_selectors(table, folder, 0))
    return None


def _ruff_table(path: str) -> dict[str, Any] | None:
    table = _table(path)
    if table is not None and os.path.basename(path) == "pyproject.toml":
        return _dict(table.get("tool")).get("ruff")
    return table


def _selectors(table: dict[str, Any], folder: str, depth: int) -> Iterator[tuple[str, bool]]:
    """The selectors, what is extended first: what is selected anew takes its place."""
    lint = {**_dict(table), **_dict(_dict(table).get("lint"))}
    base = _dict(table).get("extend")
    if isinstance(base, str) and depth < _DEEPEST:
        path = os.path.normpath(os.path.join(folder, base))
        for selector, selects in _selectors(
            _dict(_ruff_table(path)), os.path.dirname(path), depth + 1
        ):
            if not (selects and "select" in lint):
                yield selector, selects
    for key, selects in (
        ("select", True), ("extend-select", True), ("ignore", False), ("extend-ignore", False)
    ):  # fmt: skip
        for selector in _words(lint.get(key)):
            yield selector, selects


def _squawk(folder: str) -> frozenset[str] | None:
    table = _table(os.path.join(folder, _SQUAWK))
    return None if table is None else frozenset(_words(table.get("excluded_rules")))


def _eslint(folder: str) -> frozenset[str] | None:
    """The rules that are on; one that is off somewhere counts as off."""
    try:
        names = sorted(name for name in os.listdir(folder) if _ESLINT.fullmatch(name))
    except OSError:
        return None
    if not names:
        return None
    text = _COMMENT.sub("", _text(os.path.join(folder, names[-1])) or "")
    said = [(rule, how.lower() not in _OFF) for rule, how in _RULE.findall(text)]
    on = {rule for rule, is_on in said if is_on}
    if _TYPED.search(text):
        on |= _IN_TYPED
    return frozenset(on - {rule for rule, is_on in said if not is_on})


def _dict(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _words(value: object) -> list[str]:
    values = cast("list[object]", value) if isinstance(value, list) else []
    return [word for word in values if isinstance(word, str)]
