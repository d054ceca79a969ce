"""Hover: what stands at a place, in words."""

from backend_expert.ide.types import Hover
from backend_expert.workspace.documents import Snapshot


def hover(snapshot: Snapshot, uri: str, offset: int) -> Hover | None:
    """What there is to say at `offset`."""
    return None
