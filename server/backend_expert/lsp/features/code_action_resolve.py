"""The edits of a code action, worked out only when it is chosen."""

from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types

from backend_expert.ide.actions import resolve
from backend_expert.lsp import typed
from backend_expert.lsp.apply import Stale

if TYPE_CHECKING:
    from backend_expert.lsp.server import ExpertServer


def handle(ls: "ExpertServer", params: types.CodeAction) -> types.CodeAction:
    data = cast("dict[str, Any]", params.data or {})
    if params.edit is not None or "id" not in data:
        return params
    snapshot = ls.snapshot()
    try:
        edits = resolve(snapshot, str(data["id"]))
        if not edits:
            raise Stale("The text has changed since this was offered, so nothing was changed.")
        params.edit = typed.edit(ls.client, snapshot, edits, params.title)
    except Stale as error:
        ls.door.notify("window/showMessage", {"type": 2, "message": f"Backend Expert: {error}"})
    return params
