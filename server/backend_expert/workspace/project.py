"""The pure facts of a project, collected from its root: dependencies, technologies, dialect."""

import os
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import msgspec

from backend_expert.facts.project import Project
from backend_expert.languages.sql.dialect import Evidence, dialect_of
from backend_expert.technologies.catalogue import technologies
from backend_expert.workspace.environment import (
    Declared,
    declared_below,
    declares_environment,
    environment_of,
)
from backend_expert.workspace.kinds import is_migration, is_script, is_test, is_vendored
from backend_expert.workspace.linters import is_linter_settings, linters_of
from backend_expert.workspace.manifests import STRONG, dependencies_of, is_manifest, normal
from backend_expert.workspace.nearby import Nearby

# How far a look around goes; a repository may be as large as it likes.
_MOST_FILES, _MOST_READ, _DEPTH, _HEAD = 4_000, 120, 6, 20_000
_MOST_SQL = 24

# Files that tell of the database. Real `.env` files are secret, so only their examples are read.
_TELLING = re.compile(
    r"^(?:\.env\.(?:example|sample|template|dist|test|ci)|(?:docker-)?compose[\w.-]*\.ya?ml"
    r"|alembic\.ini|(?:settings|config|database|db|conf|base|local|production|default)\w*\.py"
    r"|(?:settings|config)\.(?:toml|ini|ya?ml|json)|database\.(?:ya?ml|json|[jt]s)"
    r"|(?:knexfile|ormconfig|data-source|drizzle\.config)\.[\w.]+|schema\.prisma|Makefile"
    r"|application[\w-]*\.(?:properties|ya?ml))$",
    re.I,
)
_URL = re.compile(
    r"\b(?:jdbc:)?(?:postgres(?:ql)?|mysql|mariadb|sqlite3?)(?:\+\w+)?:/[^\s\"'`<>]*", re.I
)
_IMAGE = re.compile(r"^\s*-?\s*image:\s*[\"']?([^\s\"']+)", re.M)
_ENGINE = re.compile(
    r"django\.db\.backends\.\w+|django\.contrib\.gis\.db\.backends\.\w+"
    r"|(?:dialect|client|provider|type|adapter)[\"']?\s*[:=]\s*[\"']?"
    r"(?:postgres\w*|pg\b|mysql\w*|mariadb|better-sqlite3?|sqlite\w*)",
    re.I,
)
_ATOMIC = re.compile(rb"ATOMIC_REQUESTS[\"']?\]?\s*[:=]\s*(?:True|env)")
_AUTOCOMMIT = re.compile(rb"autocommit[\"']?\s*[:=]\s*True|AUTOCOMMIT[\"']")
_LOGGER = re.compile(
    rb"\bgetLogger\(|\bget_logger\(|\bloguru\b|\bstructlog\b|\bcreateLogger\(|\bpino\(|\blog4js\b"
    rb"|\bnew Logger\(|\bgetLogger\b|\bbunyan\b"
    rb"|\bexport (?:const|default) logger\b|\bexports\.logger\b"
)
_LOGGERS = frozenset(
    {"structlog", "loguru", "python-json-logger", "winston", "pino", "pino-http", "nestjs-pino"}
    | {"bunyan", "log4js"}
)


# Folders whose bare requirements belong to the project above.
_ASIDE = ("requirements", "tests", "test", "docs", "doc", "docker", "ci", "scripts")


def tells_of_project(name: str) -> bool:
    """Whether a file of this name may change what is known of its project."""
    known = is_manifest(name) or _TELLING.match(name) is not None
    return known or declares_environment(name) or is_linter_settings(name)


class Projects:
    """The projects below one root. The nearest manifest's folder is a file's project."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._folders: dict[str, str] = {}
        self._projects: dict[str, Project] = {}
        self._declared = cache(lambda: declared_below(root))

    def project_for(self, path: str) -> Project:
        """The project that a file belongs to; the same object until `forget` is called."""
        home = self.folder_of(os.path.dirname(path))
        if home not in self._projects:
            self._projects[home] = project_of(home, self.root, self._declared)
        return self._projects[home]

    def folder_of(self, folder: str) -> str:
        """The folder of the nearest manifest, or the root.

        Bare requirements (for tests, for docs) add to the project above and make none.
        """
        if folder in self._folders:
            return self._folders[folder]
        above = os.path.dirname(folder)
        if folder == self.root or above == folder or not folder.startswith(self.root):
            found = self.root
        elif _has_manifest(folder):
            found = folder
        else:
            found = self.folder_of(above)
        self._folders[folder] = found
        return found

    def forget(self) -> None:
        """Forgets all, since a manifest or another telling file has changed."""
        self._folders.clear()
        self._projects.clear()
        self._declared.cache_clear()


def _has_manifest(folder: str) -> bool:
    try:
        names = os.listdir(folder)
    except OSError:
        return False
    if any(name in STRONG for name in names):
        return True
    return os.path.basename(folder).lower() not in _ASIDE and any(map(is_manifest, names))


def tells(path: str) -> bool:
    """Whether a change of this file may change the facts of its project."""
    name = os.path.basename(path)
    return tells_of_project(name) or name.endswith((".lock", "-lock.json", "-lock.yaml"))


def project_of(
    folder: str, root: str = "", declared: Callable[[], Declared] | None = None
) -> Project:
    """The facts of the project whose manifests lie in `folder`.

    `declared` gives the environment variables that the files below the root declare.
    """
    root = root or folder
    known = declared or (lambda: declared_below(root))
    by_language = dependencies_of(folder, root)
    dependencies = {n: v for said in by_language.values() for n, v in said.items()}
    look = _look_around(folder)
    found = detected({(speech, n) for speech, said in by_language.items() for n in said}, look.top)
    return Project(
        root=folder,
        technologies=found,
        dependencies=dependencies,
        dialect=_dialect(folder, dependencies, look) or "",
        has_logger=_has_logger(dependencies, look),
        atomic_requests=_says(_ATOMIC, look),
        autocommit=_says(_AUTOCOMMIT, look),
        linters=linters_of(folder, root),
        read_environment=cache(lambda: environment_of(folder, root, known())),
    )


class _Look(msgspec.Struct):
    """What a short walk has met: the root's own names, telling files, SQL, sources."""

    top: list[str] = []
    telling: list[str] = []
    sql: list[str] = []
    sources: list[str] = []


def _look_around(root: str) -> _Look:
    """What the nearer part of a project has."""
    look = _Look([], [], [], [])
    nearby = Nearby(
        root, _DEPTH, _MOST_FILES, lambda name: name.startswith(".") or is_vendored(f"{name}/")
    )
    for depth, entry in nearby.files():
        _note(look, root, entry, is_top=depth == 0)
    return look


def _note(look: _Look, root: str, entry: os.DirEntry[str], *, is_top: bool) -> None:
    name = entry.name
    if is_top:
        look.top.append(name)
    if _TELLING.match(name):
        look.telling.append(entry.path)
    if name.endswith(".sql"):
        look.sql.append(entry.path)
    elif name.endswith((".py", ".js", ".ts", ".mjs", ".cjs")):
        path = entry.path[len(root) :].lstrip(os.sep).replace(os.sep, "/")
        if not (is_test(path) or is_migration(path) or is_script(path)):
            look.sources.append(entry.path)


@cache
def _wanted() -> list[tuple[str, frozenset[tuple[str, str]], tuple[str, ...]]]:
    """What each technology is known by: (language, dependency) pairs, and names of files."""
    return [
        (
            id,
            frozenset(
                (speech, normal(name) if speech == "python" else name)
                for name in technology.detect.dependencies
                for speech in technology.languages
            ),
            technology.detect.files,
        )
        for id, technology in technologies().items()
    ]


def detected(dependencies: set[tuple[str, str]], names: list[str]) -> frozenset[str]:
    """The technologies whose dependencies or files are there."""
    return frozenset(
        id
        for id, wanted, files in _wanted()
        if not wanted.isdisjoint(dependencies)
        or any(fnmatchcase(name, pattern) for pattern in files for name in names)
    )


def _dialect(folder: str, dependencies: dict[str, str], look: _Look) -> str | None:
    """The project's dialect, by the evidence of its dependencies, settings and SQL files."""
    urls: list[str] = []
    names: list[str] = []
    for path in look.telling[:_MOST_READ]:
        text = _head(path).decode("utf-8", "replace")
        urls += _URL.findall(text)
        names += _ENGINE.findall(text)
        if path.endswith((".yml", ".yaml")):
            names += _IMAGE.findall(text)
    migrations = sorted(look.sql, key=lambda path: not is_migration(path[len(folder) :]))
    sql = [_head(path).decode("utf-8", "replace") for path in migrations[:_MOST_SQL]]
    return dialect_of(Evidence(tuple(dependencies), tuple(urls), tuple(sql), tuple(names)))


def _says(pattern: re.Pattern[bytes], look: _Look) -> bool:
    """Whether a file of settings has something in it."""
    paths = (path for path in look.telling[:_MOST_READ] if path.endswith(".py"))
    return any(pattern.search(_head(path)) for path in paths)


def _has_logger(dependencies: dict[str, str], look: _Look) -> bool:
    if not _LOGGERS.isdisjoint(dependencies):
        return True
    return any(_LOGGER.search(_head(path)) for path in look.sources[:_MOST_READ])


def _head(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""
