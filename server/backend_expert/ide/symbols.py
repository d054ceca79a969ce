"""Symbols: a document's endpoints and queries, for the outline."""

from backend_expert.ide.types import Symbol
from backend_expert.workspace.documents import Snapshot


def symbols(snapshot: Snapshot, uri: str) -> list[Symbol]:
    """The symbols of a document."""
    return []
