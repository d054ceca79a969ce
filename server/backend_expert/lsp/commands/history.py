"""The answers given in this workspace, the newest first, each in a file of its own."""

from typing import TYPE_CHECKING, Any

from backend_expert.lsp.convert import uri_of

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.lsp.tasks import Token


async def handle(door: "Door", arguments: Any, token: "Token | None") -> Any:
    return [
        {"id": one.id, "title": one.title, "time": one.time, "uri": uri_of(one.path)}
        for root in door.documents.roots or ("",)
        for one in door.asking.expert.history.of(root)
    ]
