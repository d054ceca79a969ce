"""Lock files: the exact versions of direct dependencies, read without parsing the whole file."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

Versions = dict[str, str]

_TOML_PACKAGE = re.compile(r'^\[\[package\]\]\s*\nname = "([^"]+)"\s*\nversion = "([^"]+)"', re.M)
_PIN = re.compile(r"==\s*([\w.!+-]+)")
_PNPM_ENTRY = re.compile(
    r"""^\s{2,8}['"]?(@?[\w./-]+?)['"]?:(?:\s+specifier:[^\n]*\n)?\s*(?:\n?\s*specifier:[^\n]*\n)?"""
    r"""\s*version:\s*['"]?([\d][\w.+-]*)""",
    re.M,
)
_PNPM_OLD = re.compile(r"""^\s{2}['"]?(@?[\w./-]+?)['"]?:\s+['"]?(\d+\.[\w.+-]*)""", re.M)


def exact_python(folder: str, root: str, names: Iterable[str]) -> Versions:
    """The locked versions of Python dependencies, from the nearest lock file up to the root."""
    wanted = set(names)
    path = _upward(folder, root, ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"))
    if path is None or not wanted:
        return {}
    return {name: version for name, version in _python_lock(path).items() if name in wanted}


def exact_script(folder: str, root: str, names: Iterable[str]) -> Versions:
    """The same for the dependencies of a package.json."""
    wanted = set(names)
    path = _upward(folder, root, ("package-lock.json", "yarn.lock", "pnpm-lock.yaml"))
    if path is None or not wanted:
        return {}
    return {name: version for name, version in _script_lock(path, wanted).items() if name in wanted}


def _upward(folder: str, root: str, names: tuple[str, ...]) -> Path | None:
    while True:
        for name in names:
            path = Path(folder, name)
            if path.is_file():
                return path
        above = os.path.dirname(folder)
        if folder == root or above == folder:
            return None
        folder = above


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def _python_lock(path: Path) -> Versions:
    if path.name != "Pipfile.lock":
        return {
            re.sub(r"[-_.]+", "-", name).lower(): version
            for name, version in _TOML_PACKAGE.findall(_text(path))
        }
    try:
        lock = msgspec.json.decode(_text(path).encode(), type=_PipfileLock)
    except (msgspec.MsgspecError, UnicodeError):
        return {}
    found: Versions = {}
    for name, package in (*lock.develop.items(), *lock.default.items()):
        pin = _PIN.search(package.version)
        if pin:
            found[re.sub(r"[-_.]+", "-", name).lower()] = pin[1]
    return found


class _Pinned(msgspec.Struct):
    version: str = ""


class _PipfileLock(msgspec.Struct):
    default: dict[str, _Pinned] = {}
    develop: dict[str, _Pinned] = {}


class _PackageLock(msgspec.Struct):
    """npm's lock file: `packages` since version 2, `dependencies` before."""

    packages: dict[str, _Pinned] = {}
    dependencies: dict[str, _Pinned] = {}


def _script_lock(path: Path, wanted: set[str]) -> Versions:
    if path.name == "package-lock.json":
        return _package_lock(path)
    text = _text(path)
    if path.name == "yarn.lock":
        return _yarn_lock(text, wanted)
    importers = text.partition("\nimporters:")[2].partition("\npackages:")[0]
    head = importers or text.partition("\npackages:")[0]
    return dict(_PNPM_ENTRY.findall(head)) or dict(_PNPM_OLD.findall(head))


def _package_lock(path: Path) -> Versions:
    try:
        lock = msgspec.json.decode(path.read_bytes(), type=_PackageLock)
    except (OSError, msgspec.MsgspecError):
        return {}
    found = {name: pinned.version for name, pinned in lock.dependencies.items()}
    prefix = "node_modules/"
    for place, pinned in lock.packages.items():
        if place.startswith(prefix) and pinned.version:
            found[place.removeprefix(prefix)] = pinned.version
    return found


def _yarn_lock(text: str, wanted: set[str]) -> Versions:
    """Yarn's own format (1) and its later YAML: `"name@range":`, then `version "1.2.3"` below."""
    found: Versions = {}
    for name in wanted:
        entry = re.search(
            rf'^"?{re.escape(name)}@[^\n]*:\n\s+version:? "?([\w.+-]+)', text, re.MULTILINE
        )
        if entry:
            found[name] = entry[1]
    return found
