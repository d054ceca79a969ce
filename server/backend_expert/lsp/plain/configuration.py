"""Settings changed: they are read anew, and everything is looked at again."""

from typing import TYPE_CHECKING, Any

from backend_expert.lsp import settings

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door


def handle(door: "Door", params: Any) -> None:
    if door.client.has("workspace.configuration"):
        door.tasks.start(settings.fetch(door))
    else:
        settings.take(door, settings.section_of(params))
