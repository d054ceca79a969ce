"""Scopes: what each file of the workspace is checked with, by its root, settings and project."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from backend_expert.facts.project import Project
from backend_expert.lint.checked import Scope
from backend_expert.lint.reading import Elsewhere, Reading
from backend_expert.lint.rule import Rule
from backend_expert.lint.run import RuleSet
from backend_expert.lint.settings import DEFAULTS, Settings
from backend_expert.rules import AREAS, all_rules
from backend_expert.workspace.files import root_of
from backend_expert.workspace.history import History
from backend_expert.workspace.neighbours import Neighbours
from backend_expert.workspace.project import Projects, tells
from backend_expert.workspace.settings_file import NAMES, Complaint, SettingsFile, nearest


class Layer(msgspec.Struct, frozen=True):
    """A table of settings that stands above the files': the editor's, the command line's."""

    name: str
    table: Mapping[str, Any]
    beside: frozenset[str] = frozenset()  # keys of it that are not settings of files


class _Home(msgspec.Struct, frozen=True, eq=False):
    """The settings of some folders, and the folder from which their patterns count."""

    folder: str
    settings: Settings
    complaints: tuple[Complaint, ...] = ()


class Scopes:
    """The scopes of the files below some roots; the same object for as long as nothing changes.

    Files outside every root belong to the repository they lie in, or to their own folder. A root
    in `own` has the layers given there in place of those for all.
    """

    def __init__(
        self,
        roots: Iterable[str] = (),
        layers: Sequence[Layer] = (),
        *,
        rules: Iterable[Rule] | None = None,
        on_error: Callable[[str, Exception], None] | None = None,
        own: Mapping[str, Sequence[Layer]] | None = None,
    ) -> None:
        self.roots = tuple(os.path.abspath(root) for root in roots)
        self.layers = tuple(layers)
        self.own = {os.path.abspath(root): tuple(mine) for root, mine in (own or {}).items()}
        self.rules = RuleSet(all_rules() if rules is None else rules, on_error)
        ids = (name for rule in self.rules.rules for name in (rule.id, *rule.formerly))
        self._names = frozenset((*AREAS, *ids))
        self.forget()

    def forget(self) -> None:
        """Forgets all that was read from files, since one of them has changed."""
        self._files: dict[str, dict[str, SettingsFile | None]] = {}
        self._homes: dict[tuple[str, str], _Home] = {}
        self._projects: dict[str, Projects] = {}
        self._neighbours: dict[str, Neighbours] = {}
        self._history = History()
        self._scopes: dict[tuple[int, tuple[str, ...], int], Scope] = {}

    def matters(self, path: str) -> bool:
        """Whether a change of this file calls for `forget`."""
        return os.path.basename(path) in NAMES or tells(path)

    def has_read(self, path: str) -> bool:
        """Whether a check of another file has looked into this one."""
        return any(around.has_read(path) for around in self._neighbours.values())

    def root_for(self, path: str) -> str:
        """The innermost root that holds a path; else its repository or folder."""
        holding = [r for r in self.roots if path == r or path.startswith(r.rstrip(os.sep) + os.sep)]
        return max(holding, key=len) if holding else root_of(path)

    def relative(self, path: str) -> str:
        """A path as rules see it: from its root, with `/`."""
        return _relative(path, self.root_for(path))

    def settings_for(self, path: str) -> Settings:
        """The settings of a file, its per-path choices among them."""
        home = self._home(path)
        return home.settings.at(home.settings.patterns_for(_relative(path, home.folder)))

    def project_for(self, path: str) -> Project:
        """The facts of the project that a file belongs to."""
        root = self.root_for(path)
        if root not in self._projects:
            self._projects[root] = Projects(root)
        return self._projects[root].project_for(path)

    def scope_for(self, path: str) -> Scope:
        """What a file is checked with."""
        home = self._home(path)
        patterns = home.settings.patterns_for(_relative(path, home.folder))
        project = self.project_for(path)
        key = (id(home), patterns, id(project))
        if key not in self._scopes:
            around = self._neighbours.setdefault(project.root, Neighbours(project.root))
            settings = home.settings.at(patterns)
            self._scopes[key] = Scope(self.rules, settings, project, around, self._history)
        return self._scopes[key]

    def excludes(self, path: str) -> bool:
        """Whether the settings leave a path out; a folder's ends in a separator."""
        home = self._home(path.rstrip(os.sep))
        if not home.settings.exclude:
            return False
        end = "/" if path.endswith(os.sep) else ""
        return home.settings.excludes(_relative(path.rstrip(os.sep), home.folder) + end)

    @property
    def complaints(self) -> tuple[Complaint, ...]:
        """What is wrong with the settings read so far, each thing once."""
        found = {c: None for home in self._homes.values() for c in home.complaints}
        return tuple(sorted(found))

    def _home(self, path: str) -> _Home:
        root = self.root_for(path)
        file = nearest(os.path.dirname(path), root, self._files.setdefault(root, {}))
        key = (root, file.path if file else "")
        if key not in self._homes:
            self._homes[key] = self._read(file, root)
        return self._homes[key]

    def _read(self, file: SettingsFile | None, root: str) -> _Home:
        reading = Reading(self._names, DEFAULTS)
        complaints: list[Complaint] = []
        if file is not None:
            if file.complaint is not None:
                complaints.append(file.complaint)
            reading.add(file.table, file)
        for layer in self.own.get(root, self.layers):
            reading.add(layer.table, Elsewhere(layer.name, beside=layer.beside))
        folder = file.folder if file is not None else root
        return _Home(folder, reading.settings, (*complaints, *reading.complaints))


def _relative(path: str, folder: str) -> str:
    prefix = folder.rstrip(os.sep) + os.sep
    inside = path[len(prefix) :] if path.startswith(prefix) else os.path.basename(path)
    return inside.replace(os.sep, "/")
