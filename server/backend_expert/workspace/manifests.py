"""Manifests: what a folder's own files say that it depends on, and in which versions."""

import configparser
import os
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from backend_expert.workspace.locks import exact_python, exact_script

Dependencies = dict[str, str]

# PEP 508 and what people write beside it: name, extras, version, marker.
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(\(?[^;#@]*\)?)")
_NAMED_URL = re.compile(r"#egg=([A-Za-z0-9][\w.-]*)")
_INCLUDE = re.compile(r"(?:-r|--requirement)[\s=]+(\S+)")
_SETUP_REQUIRES = re.compile(
    r"(?:install_requires|extras_require)\s*=\s*[\[{](.*?)[\]}]\s*,?\s*\n", re.S
)
_QUOTED = re.compile(r"""["']([^"'\n]+)["']""")
_REQUIREMENTS = re.compile(r"^(?:.*[-_.])?requirements?(?:[-_.].*)?\.(?:txt|in)$", re.I)
# Manifests that make their folder a project of its own.
STRONG = ("pyproject.toml", "package.json", "Pipfile", "setup.cfg", "setup.py")


def is_manifest(name: str) -> bool:
    """Whether a file's name is that of a manifest."""
    return name in STRONG or bool(_REQUIREMENTS.match(name))


def normal(name: str) -> str:
    """A Python distribution's name as packaging compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def dependencies_of(folder: str, root: str) -> dict[str, Dependencies]:
    """The dependencies of a folder's manifests, by language: name to version.

    Versions are exact where a lock file tells. Python names are in their normal form
    (`flask-sqlalchemy`), JavaScript's as they are.
    """
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return {}
    python: Dependencies = {}
    for name in names:
        reader = _PYTHON.get(name)
        if reader is None and _REQUIREMENTS.match(name):
            reader = _requirements
        if reader is not None:
            _merge(python, _safely(reader, Path(folder, name)))
    for path in _requirement_folder(folder):
        _merge(python, _safely(_requirements, path))
    script: Dependencies = {}
    if "package.json" in names:
        _merge(script, _safely(_package_json, Path(folder, "package.json")))
    python |= exact_python(folder, root, python)
    script |= exact_script(folder, root, script)
    return {"python": python, "javascript": script}


def _requirement_folder(folder: str) -> list[Path]:
    try:
        return sorted(Path(folder, "requirements").glob("*.txt"))
    except OSError:
        return []


def _merge(into: Dependencies, more: Dependencies) -> None:
    for name, version in more.items():
        into[name] = into.get(name) or version


def _safely(read: Callable[[Path], Dependencies], path: Path) -> Dependencies:
    """What a manifest says; nothing when it cannot be read, since others may be well."""
    try:
        return read(path)
    except (OSError, ValueError, RecursionError, AttributeError, TypeError, configparser.Error):
        return {}


def _requirement(line: str) -> Dependencies:
    url = _NAMED_URL.search(line)
    if url:
        return {normal(url[1]): ""}
    found = _REQUIREMENT.match(line)
    if not found or "://" in line.split("#")[0].partition("@")[0]:
        return {}
    return {normal(found[1]): found[2].split(" --")[0].strip(" ()\\,\t\r\n")}


def _requirements(path: Path, depth: int = 0) -> Dependencies:
    found: Dependencies = {}
    for line in path.read_text("utf-8", "replace").splitlines():
        line = line.strip()
        include = _INCLUDE.match(line)
        if include and depth < 4:
            there = path.parent / include[1]
            if there.is_file():
                _merge(found, _requirements(there, depth + 1))
        elif line and not line.startswith(("#", "-", ".", "/")):
            _merge(found, _requirement(line))
    return found


def _pyproject(path: Path) -> Dependencies:
    table: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    project = table.get("project", {})
    lines: list[Any] = list(project.get("dependencies", []))
    for extra in project.get("optional-dependencies", {}).values():
        lines += extra
    for group in table.get("dependency-groups", {}).values():
        lines += group
    found: Dependencies = {}
    for line in lines:
        if isinstance(line, str):
            _merge(found, _requirement(line))
    poetry: dict[str, Any] = table.get("tool", {}).get("poetry", {})
    groups: list[dict[str, Any]] = [
        poetry,
        *poetry.get("group", {}).values(),
        {"dependencies": poetry.get("dev-dependencies", {})},
    ]
    for group in groups:
        _merge(found, _versions(group.get("dependencies", {})))
    found.pop("python", None)
    return found


def _versions(table: dict[str, Any]) -> Dependencies:
    """Poetry's and Pipfile's way: `name = "^1.2"` or `name = {version = "^1.2", …}`."""
    found: Dependencies = {}
    for name, said in table.items():
        version: Any = said.get("version", "") if isinstance(said, dict) else said  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        written = version if isinstance(version, str) else ""
        found[normal(name)] = "" if written == "*" else written
    return found


def _pipfile(path: Path) -> Dependencies:
    table: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return _versions(table.get("packages", {})) | _versions(table.get("dev-packages", {}))


def _setup_cfg(path: Path) -> Dependencies:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read_string(path.read_text("utf-8", "replace"))
    lines = parser.get("options", "install_requires", fallback="").splitlines()
    if parser.has_section("options.extras_require"):
        for _, value in parser.items("options.extras_require"):
            lines += value.splitlines()
    found: Dependencies = {}
    for line in lines:
        if line.strip():
            _merge(found, _requirement(line))
    return found


def _setup_py(path: Path) -> Dependencies:
    """The literal strings of `install_requires`; nothing is run, so computed ones are not seen."""
    found: Dependencies = {}
    for block in _SETUP_REQUIRES.findall(path.read_text("utf-8", "replace")):
        for line in _QUOTED.findall(block):
            _merge(found, _requirement(line))
    return found


_PYTHON: dict[str, Callable[[Path], Dependencies]] = {
    "pyproject.toml": _pyproject,
    "Pipfile": _pipfile,
    "setup.cfg": _setup_cfg,
    "setup.py": _setup_py,
}


class _Package(msgspec.Struct):
    """The part of a package.json that tells dependencies."""

    dependencies: Dependencies = {}
    devDependencies: Dependencies = {}
    peerDependencies: Dependencies = {}
    optionalDependencies: Dependencies = {}


def _package_json(path: Path) -> Dependencies:
    package = msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"), type=_Package)
    found: Dependencies = {}
    for said in (
        package.dependencies,
        package.devDependencies,
        package.optionalDependencies,
        package.peerDependencies,
    ):
        _merge(found, {name: "" if v in ("*", "latest") else v for name, v in said.items()})
    return found
