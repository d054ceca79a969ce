"""The cancel button of a progress bar."""

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door


class Params(msgspec.Struct):
    """Which bar."""

    token: str | int


def handle(door: "Door", params: Any) -> None:
    door.tasks.cancel(msgspec.convert(params, Params).token)
