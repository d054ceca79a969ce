"""Files changed on disk: what depends on them is looked at again."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door


def handle(door: "Door", params: Any) -> None:
    door.refresh()
