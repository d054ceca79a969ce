"""The environment variables that a project's files declare: examples, deployment files, documents.

Names are taken from anywhere in such files, comments too: who names a variable there has told of
it. Real `.env` files are secret, so they are never read.
"""

import os
import re
from pathlib import Path

import msgspec

from backend_expert.facts.project import Environment
from backend_expert.workspace.kinds import is_vendored
from backend_expert.workspace.nearby import Nearby

_MOST_ENTRIES, _MOST_FILES, _MOST_BYTES, _DEEPEST = 40_000, 1_500, 16_000_000, 14
_LARGEST = 200_000  # bytes of one file

# `.env.example`, `env.sample`, `example.env`, `.env.production.template` …
_EXAMPLE = re.compile(
    r"^\.?env(?:ironment)?[\w.-]*[.-](?:example|sample|template|tmpl|tpl|dist|defaults?)$"
    r"|^[\w.-]*(?:example|sample|template|dist|defaults?)[\w-]*\.env$"
    r"|^(?:example|sample|template|dist)\.env(?:\.[\w.-]+)?$",
    re.I,
)
_COMPOSE = re.compile(r"^(?:docker-)?compose[\w.-]*\.ya?ml$", re.I)
_DEPLOYS = re.compile(
    r"^(?:Dockerfile|Containerfile)|\.(?:dockerfile|tf|tfvars|hcl|ya?ml|toml|ini|cfg|conf"
    r"|properties|service|sh|bash|ps1|nix|j2|tpl|tmpl|env|md|mdx|rst|adoc)$"
    r"|^(?:package|app|vercel|turbo|nx|serverless|launch|devcontainer|[\w-]*config|[\w-]*task[\w-]*)"
    r"\.json5?$"
    r"|^(?:Makefile|Procfile|Jenkinsfile|Vagrantfile|Justfile|\.envrc[\w.]*|\.env[\w.-]+)$"
    r"|\.config\.[cm]?[jt]s$|\.d\.ts$|^README",
    re.I,
)
# A real `.env`, of any stage; what holds an example is caught before.
_SECRET = re.compile(r"^\.env(?:\.(?!ci$|test$)[\w-]+)*$|^\.env\.local$", re.I)
# Folders that hold nothing of a deployment, and often very much else.
_ASIDE = frozenset(
    ("locale", "locales", "i18n", "lang", "langs", "translations", "fixtures", "migrations",
     "static", "public", "assets", "images", "img", "icons", "themes", "snapshots", ".git", ".hg",
     "__tests__", "__snapshots__", "test", "tests", "e2e", "cypress", "lexicons")
)  # fmt: skip
_LOCK = re.compile(r"(?:^|[-.])lock\.(?:json|ya?ml)$|\.lock$|^package-lock\.json$", re.I)
_WORD = re.compile(rb"\b[A-Za-z_]*[A-Z][A-Z0-9_]{2,}\b")
_LINE = re.compile(rb"^[ \t]*(?:export[ \t]+)?[A-Z][A-Z0-9_]+[ \t]*=", re.M)
_BUILDS = re.compile(rb"^[ \t]+build:", re.M)  # a service of this repository, not a bought one
_SETS = re.compile(rb"^[ \t]*environment:[ \t]*(?:#.*)?$", re.M)
# What sets variables that no file of the repository names one by one.
_FROM_OUTSIDE = re.compile(
    rb"\benvFrom\b|\bExternalSecret\b|vault\.hashicorp\.com/agent-inject|\bdoppler run\b"
    rb"|\binfisical run\b|\bop run\b|\bchamber exec\b|\bdotenv-vault\b|\bsops exec-env\b"
)
_ENV_FILE = re.compile(rb"^[ \t]*-?[ \t]*env_file[ \t]*:", re.M)


def declares_environment(name: str) -> bool:
    """Whether a file of this name lists what a deployment must set."""
    return _EXAMPLE.match(name) is not None or _COMPOSE.match(name) is not None


class Declared(msgspec.Struct, frozen=True):
    """What lies below a root. `lists` are the absolute paths of the files that list variables."""

    lists: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()


def environment_of(folder: str, root: str, found: Declared) -> Environment:
    """What is declared for the project in `folder` of the repository at `root`.

    `found` is what the whole repository declares. A list counts that lies in the project, or right
    in a folder above it.
    """
    above = {root}
    while len(folder) > len(root):
        above.add(folder)
        folder, here = os.path.dirname(folder), folder
        above.add(here)
    project = max(above, key=len)
    mine = [
        path
        for path in found.lists
        if path.startswith(project + os.sep) or os.path.dirname(path) in above
    ]
    if not mine:
        return Environment()
    shown = tuple(os.path.relpath(path, root).replace(os.sep, "/") for path in mine)
    return Environment(shown, found.names)


def declared_below(root: str) -> Declared:
    """Reads the files below a root that may name a variable; nothing when there are too many."""
    paths = _files(root)
    examples = [p for p in paths if _EXAMPLE.match(os.path.basename(p)) and _lists(p)]
    composed = [p for p in paths if _COMPOSE.match(os.path.basename(p)) and _sets(p)]
    lists = tuple(examples or composed)
    if not lists or len(paths) > _MOST_FILES:
        return Declared()
    names: set[bytes] = set()
    size = 0
    for path in paths:
        data = _data(path)
        size += len(data)
        if _FROM_OUTSIDE.search(data) or size > _MOST_BYTES:
            return Declared()
        names.update(_WORD.findall(data))
    return Declared(lists, frozenset(name.decode("ascii") for name in names))


def _lists(path: str) -> bool:
    return len(_LINE.findall(_data(path))) >= 2


def _sets(path: str) -> bool:
    data = _data(path)
    is_whole = _SETS.search(data) is not None and _ENV_FILE.search(data) is None
    return is_whole and _BUILDS.search(data) is not None


def _data(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


def _tells(entry: os.DirEntry[str]) -> bool:
    """Whether a file may name a variable; real secrets are none of these."""
    name = entry.name
    if not _EXAMPLE.match(name) and (
        _SECRET.match(name) or _LOCK.search(name) or not _DEPLOYS.search(name)
    ):
        return False
    try:
        return entry.is_file(follow_symlinks=False) and entry.stat().st_size <= _LARGEST
    except OSError:
        return False


def _files(root: str) -> list[str]:
    """The files below a root that may name a variable; none when there is too much to look at."""
    nearby = Nearby(
        root, _DEEPEST, _MOST_ENTRIES, lambda name: name in _ASIDE or is_vendored(f"{name}/")
    )
    told = [entry.path for _, entry in nearby.files() if _tells(entry)]
    return told if nearby.is_whole else []
