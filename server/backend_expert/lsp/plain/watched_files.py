"""Files changed on disk: what depends on them is looked at again, and no more than that."""

import os
from enum import IntEnum
from posixpath import basename
from typing import TYPE_CHECKING, Any

import msgspec

from backend_expert.ide.desk import has_read
from backend_expert.ide.routing import changed
from backend_expert.languages.registry import language_of
from backend_expert.lsp.convert import path_of
from backend_expert.workspace.project import tells_of_project

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door


class Kind(IntEnum):
    """What happened to a file."""

    CREATED = 1
    CHANGED = 2
    DELETED = 3


class Event(msgspec.Struct):
    """A file and what happened to it."""

    uri: str
    type: Kind


class Params(msgspec.Struct):
    """The changes."""

    changes: list[Event]


def handle(door: "Door", params: Any) -> None:
    changes = msgspec.convert(params, Params).changes
    folders = {folder for change in changes if (folder := _repository(change)) is not None}
    changes = [change for change in changes if _repository(change) is None]
    has_moved = any([door.documents.tips.moved(folder) for folder in folders])
    if not changes and not has_moved:
        return
    if has_moved or any(_reaches_all(change) for change in changes):
        door.documents.touch()
        door.refresh()
        return
    door.documents.changes += 1
    others = any([looked_into(door, change.uri) for change in changes])
    if any([_moves_endpoints(door, change.uri) for change in changes]) and not others:
        door.refresh_lenses()
    # If only open files were saved, their text is known; somebody else may have asked for it.
    if others or any(door.documents.get(change.uri) is None for change in changes):
        door.refresh()


def _repository(change: Event) -> str | None:
    """The folder of the repository that a file of git's own belongs to."""
    path = path_of(change.uri)
    folder, inside, _ = path.replace(os.sep, "/").rpartition("/.git/") if path else ("", "", "")
    return os.path.normpath(folder) if inside else None


def looked_into(door: "Door", uri: str) -> bool:
    """Whether other files were checked with what was in this one; they then will be anew."""
    path = path_of(uri)
    if path is None or not has_read(door.snapshot(), path):
        return False
    door.documents.touch(all_files=False)
    return True


def _moves_endpoints(door: "Door", uri: str) -> bool:
    """Whether endpoints of open files may have other paths now, since their routers are mounted."""
    path = path_of(uri)
    return path is not None and changed(door.snapshot(), path)


def _reaches_all(change: Event) -> bool:
    """Whether every file's check may depend on this one; a change inside plain code is no such."""
    is_code = language_of(change.uri) is not None
    return not is_code or change.type is not Kind.CHANGED or tells_of_project(basename(change.uri))
