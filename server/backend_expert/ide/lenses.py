"""Lenses: a line above endpoints and queries."""

from backend_expert.ide.types import Lens
from backend_expert.workspace.documents import Snapshot


def lenses(snapshot: Snapshot, uri: str) -> list[Lens]:
    """The lenses of a document."""
    return []
