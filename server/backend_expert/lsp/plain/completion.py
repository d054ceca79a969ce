"""A part of what the client's own model answers."""

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door


class Params(msgspec.Struct):
    """The text, and the question that it answers."""

    id: str
    text: str


def handle(door: "Door", params: Any) -> None:
    part = msgspec.convert(params, Params)
    door.completing.heard(part.id, part.text)
