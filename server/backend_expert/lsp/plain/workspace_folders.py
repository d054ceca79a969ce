"""Workspace folders come and go."""

from typing import TYPE_CHECKING, Any

import msgspec

from backend_expert.lsp.convert import path_of
from backend_expert.lsp.plain.initialize import Folder

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door


class Event(msgspec.Struct):
    """What came and what went."""

    added: list[Folder] = []
    removed: list[Folder] = []


class Params(msgspec.Struct):
    """The change."""

    event: Event


def handle(door: "Door", params: Any) -> None:
    event = msgspec.convert(params, Params).event
    removed = {path_of(folder.uri) for folder in event.removed}
    added = [path for folder in event.added if (path := path_of(folder.uri)) is not None]
    kept = [path for path in door.documents.roots if path not in removed]
    door.documents.set_roots(tuple(dict.fromkeys((*kept, *added))))
    door.refresh()
