"""A file is saved: others that were checked with what was in it before are checked anew.

Clients that watch files say so once more; then nobody has looked into the old text any longer.
"""

from typing import TYPE_CHECKING, Any

import msgspec

from backend_expert.lsp.plain.watched_files import looked_into

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door


class Saved(msgspec.Struct):
    """Which document."""

    uri: str


class Params(msgspec.Struct, rename="camel"):
    """What is saved."""

    text_document: Saved


def handle(door: "Door", params: Any) -> None:
    uri = msgspec.convert(params, Params).text_document.uri
    if looked_into(door, uri):
        door.refresh()
