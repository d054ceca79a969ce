"""Diagnostics: the findings of a file, piece by piece."""

from collections.abc import Iterator, Sequence

from backend_expert.ide.types import PieceDiagnostics
from backend_expert.workspace.documents import Snapshot


def diagnostics(snapshot: Snapshot, uri: str) -> Sequence[PieceDiagnostics]:
    """The diagnostics of one document, grouped by the piece they stand in, in the file's order."""
    return ()


def workspace_uris(snapshot: Snapshot) -> Iterator[str]:
    """The files of the workspace to report on beyond the open ones."""
    return iter(())
