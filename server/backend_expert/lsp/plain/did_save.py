"""A file is saved: others that depend on it are looked at anew through the watched files."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door


def handle(door: "Door", params: Any) -> None:
    """Nothing to do: the text is known, and the file on disk is watched."""
