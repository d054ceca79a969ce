"""The desk: a document checked, with what its workspace tells about it."""

import logging
import os
import time
from collections.abc import Mapping
from typing import Any, cast

import msgspec

from backend_expert.ide.scopes import Layer, Scopes
from backend_expert.lint.checked import Checked
from backend_expert.lint.problem import Scope
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Snapshot
from backend_expert.workspace.kinds import is_vendored
from backend_expert.workspace.limits import OutOfTime, TimeLimit

log = logging.getLogger(__name__)

# What an editor sets beside the settings of files. `folders` has the settings of single roots.
FOLDERS = "folders"
BESIDE = frozenset((FOLDERS, "lenses", "trace"))

BUDGET = 5.0  # seconds of work that the check of one file may cost
REST = 10.0  # times as long it is then left alone, and twice as long after each further try

SLOW = "This file could not be checked within {0:g} s, so its findings are not shown."
DEEP = "This file is nested too deeply to be checked."
LEFT_OUT = "This file is left out: the settings exclude it, or it is generated or vendored."


class _Rest(msgspec.Struct, frozen=True):
    """A file that took too long: until when it is left alone, after how many tries."""

    until: float
    tries: int


def scopes_of(snapshot: Snapshot) -> Scopes:
    """What the files are checked with; the same until settings, roots or files on disk change."""
    scopes = snapshot.lasting.get("scopes")
    if not isinstance(scopes, Scopes):
        own = {root: _layers(table) for root, table in _own(snapshot).items()}
        on_error = snapshot.lasting.get("on_error")
        layers = _layers(snapshot.settings)
        scopes = Scopes(snapshot.roots, layers, on_error=on_error, own=own)
        snapshot.lasting["scopes"] = scopes
    return scopes


def has_read(snapshot: Snapshot, path: str) -> bool:
    """Whether a check of another file has looked into this one."""
    scopes = snapshot.lasting.get("scopes")
    return isinstance(scopes, Scopes) and scopes.has_read(path)


def _layers(table: Mapping[str, Any]) -> list[Layer]:
    return [Layer("the editor's settings", table, BESIDE)] if table else []


def _own(snapshot: Snapshot) -> Mapping[str, Mapping[str, Any]]:
    own = cast("dict[str, dict[str, Any]]", snapshot.settings.get(FOLDERS) or {})
    return {os.path.abspath(root): table for root, table in own.items()}


def editor_setting(snapshot: Snapshot, document: Document, key: str) -> object:
    """What the editor has set for a document's folder."""
    table = _own(snapshot).get(scopes_of(snapshot).root_for(_path(snapshot, document)))
    return (snapshot.settings if table is None else table).get(key)


def _path(snapshot: Snapshot, document: Document) -> str:
    """The document's path; an unsaved buffer counts as a file of the first root."""
    root = snapshot.roots[0] if snapshot.roots else os.path.abspath("/untitled")
    return document.path or os.path.join(root, "untitled")


def checked(snapshot: Snapshot, document: Document) -> Checked:
    """The document with its findings, made from those of the version before.

    One that takes too long is answered as if it were not to be checked, and so for a while.
    """
    path = _path(snapshot, document)
    scopes = scopes_of(snapshot)
    scope = scopes.scope_for(path)
    last = document.lineage.get("checked")
    if isinstance(last, Checked) and last.scope is scope and last.document is document:
        return last
    rest = document.lineage.get("rest")
    if isinstance(rest, _Rest) and time.monotonic() < rest.until:
        return _unchecked(document, scopes.relative(path), scope, SLOW.format(BUDGET))
    # The version before is used up by the next one, even by one that is never finished.
    document.lineage.pop("checked", None)
    relative = scopes.relative(path)
    before = last if isinstance(last, Checked) and not last.document.skipped else None
    is_new = before is None or before.scope is not scope
    if is_new and not document.skipped and (is_vendored(relative) or scopes.excludes(path)):
        return _unchecked(document, relative, scope, LEFT_OUT)
    answer = _made(snapshot, document, relative, scope, before)
    if answer.document is document:
        document.lineage["checked"] = answer
    return answer


def _made(
    snapshot: Snapshot, document: Document, path: str, scope: Scope, before: Checked | None
) -> Checked:
    try:
        with TimeLimit(BUDGET, of_work=True):
            answer = Checked(document, path, scope, before)
    except OutOfTime:
        rest = document.lineage.get("rest")
        tries = rest.tries + 1 if isinstance(rest, _Rest) else 1
        pause = BUDGET * REST * 2 ** min(tries - 1, 10)
        document.lineage["rest"] = _Rest(time.monotonic() + pause, tries)
        snapshot.lasting.pop("scopes", None)  # it may have been broken off half made
        log.warning("%s was not checked within %g s; again in %g s", document.uri, BUDGET, pause)
        return _unchecked(document, path, scope, SLOW.format(BUDGET))
    except RecursionError as error:
        if document.lineage.get("deep") is None:
            document.lineage["deep"] = True
            log.error("%s is nested too deeply: %r", document.uri, error, exc_info=error)
        return _unchecked(document, path, scope, DEEP)
    return answer


def _unchecked(document: Document, path: str, scope: Scope, why: str) -> Checked:
    """The document without findings, and the reason."""
    pieces = document.pieces
    same = Document(document.uri, document.path, document.language, document.version, pieces, why)
    return Checked(same, path, scope)


def checked_uri(snapshot: Snapshot, uri: str) -> Checked | None:
    """The same by URI; None when the document is not open."""
    document = snapshot.document(uri)
    return checked(snapshot, document) if document is not None else None
