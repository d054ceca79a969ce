"""Tracing: each message and the time it took, as `$/logTrace`."""

from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door


class Params(msgspec.Struct):
    """How much is told."""

    value: Literal["off", "messages", "verbose"]


def handle(door: "Door", params: Any) -> None:
    door.trace = msgspec.convert(params, Params).value
