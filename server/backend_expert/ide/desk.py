"""The desk: a document checked, with what its workspace tells about it."""

import logging
import os

from backend_expert.lint.checked import Checked, Scope
from backend_expert.lint.reading import Elsewhere, Reading
from backend_expert.lint.run import RuleSet
from backend_expert.lint.settings import Settings
from backend_expert.rules import AREAS, all_rules
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Snapshot
from backend_expert.workspace.project import Projects
from backend_expert.workspace.settings_file import Complaint, SettingsFile, nearest

log = logging.getLogger(__name__)


class Desk:
    """What was worked out for one state of roots, settings and files on disk."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.roots = snapshot.roots
        self.editor = snapshot.settings
        self.complaints: list[Complaint] = []
        self._rules = RuleSet(all_rules())
        self._projects: dict[str, Projects] = {}
        self._files: dict[str, SettingsFile | None] = {}
        self._settings: dict[str, tuple[Settings, str]] = {}
        self._scopes: dict[tuple[str, str, tuple[str, ...]], Scope] = {}

    def root_of(self, path: str) -> str:
        """The workspace folder of a file: the innermost one, or the file's own folder."""
        inside = [root for root in self.roots if path.startswith(root.rstrip(os.sep) + os.sep)]
        return max(inside, key=len) if inside else os.path.dirname(path)

    def scope(self, path: str) -> Scope:
        """What a check of this file depends on; the same object as long as it is the same."""
        root = self.root_of(path)
        projects = self._projects.setdefault(root, Projects(root))
        project = projects.project_for(path)
        settings, folder = self.settings(path)
        patterns = settings.patterns_for(os.path.relpath(path, folder or root))
        key = (project.root, folder, patterns)
        if key not in self._scopes:
            self._scopes[key] = Scope(self._rules, settings.at(patterns), project)
        return self._scopes[key]

    def settings(self, path: str) -> tuple[Settings, str]:
        """The settings for files of a folder, and the folder that their patterns count from."""
        root = self.root_of(path)
        file = nearest(os.path.dirname(path), root, self._files)
        key = file.path if file else ""
        if key not in self._settings:
            known = {rule.id for rule in all_rules()} | set(AREAS)
            reading = Reading(known)
            if file is not None:
                if file.complaint:
                    self.complaints.append(file.complaint)
                reading.add(file.table, file)
            reading.add(self.editor, Elsewhere("the editor's settings"))
            for complaint in reading.complaints:
                log.warning("%s", complaint)
            self.complaints += reading.complaints
            self._settings[key] = (reading.settings, file.folder if file else "")
        return self._settings[key]


def desk_of(snapshot: Snapshot) -> Desk:
    """The desk of a snapshot; shared until settings, roots or files on disk change."""
    desk = snapshot.lasting.get("desk")
    if not isinstance(desk, Desk):
        desk = snapshot.lasting["desk"] = Desk(snapshot)
    return desk


def checked(snapshot: Snapshot, document: Document) -> Checked:
    """The document with its findings, made from those of the version before."""
    path = document.path or "/untitled"
    desk = desk_of(snapshot)
    scope = desk.scope(path)
    last = document.lineage.get("checked")
    if isinstance(last, Checked):
        if last.document is document and last.scope is scope:
            return last
    else:
        last = None
    relative = os.path.relpath(path, desk.root_of(path)).replace(os.sep, "/")
    answer = Checked(document, relative, scope, last)
    document.lineage["checked"] = answer
    return answer


def checked_uri(snapshot: Snapshot, uri: str) -> Checked | None:
    """The same by URI; None when the document is not open."""
    document = snapshot.document(uri)
    return checked(snapshot, document) if document is not None else None
