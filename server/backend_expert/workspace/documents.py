"""The open documents, and the snapshot of them that a request reads."""

import logging
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from backend_expert.text.span import Span
from backend_expert.workspace.document import Document
from backend_expert.workspace.history import Tips

log = logging.getLogger(__name__)


class Snapshot(msgspec.Struct, frozen=True, eq=False):
    """All that a request may look at, as it was when the request began.

    `settings` are the editor's, as it sent them; `roots` the workspace folders' paths. `lasting`
    holds what was worked out from roots, settings and files on disk; it is shared by all snapshots
    until one of these changes.
    """

    documents: Mapping[str, Document]
    roots: tuple[str, ...] = ()
    settings: Mapping[str, Any] = MappingProxyType({})
    lasting: dict[str, Any] = {}

    def document(self, uri: str) -> Document | None:
        """An open document."""
        return self.documents.get(uri)

    def including(self, document: Document) -> "Snapshot":
        """The same with one more document, read from disk for this request alone."""
        documents = MappingProxyType({**self.documents, document.uri: document})
        return Snapshot(documents, self.roots, self.settings, self.lasting)


class Documents:
    """The documents that the editor has open. Each change makes new versions and a new snapshot.

    `always` is in the `lasting` of every snapshot. `changes` counts all that may change what is
    said of files that are not open, `epoch` only what may change it for all of them. `tips` are
    those of the repositories of which a change was told.
    """

    def __init__(self, always: Mapping[str, Any] | None = None) -> None:
        self._always = dict(always or {})
        self.changes = 0
        self.epoch = 0
        self.tips = Tips()
        self._open: dict[str, Document] = {}
        self._roots: tuple[str, ...] = ()
        self._settings: Mapping[str, Any] = MappingProxyType({})
        self._snapshot: Snapshot | None = None
        self._lasting: dict[str, Any] = dict(self._always)

    def snapshot(self) -> Snapshot:
        """The present state; the same object until something changes."""
        if self._snapshot is None:
            documents = MappingProxyType(self._open.copy())
            self._snapshot = Snapshot(documents, self._roots, self._settings, self._lasting)
        return self._snapshot

    def get(self, uri: str) -> Document | None:
        """An open document, or None."""
        return self._open.get(uri)

    @property
    def uris(self) -> tuple[str, ...]:
        """The open documents' URIs."""
        return tuple(self._open)

    @property
    def roots(self) -> tuple[str, ...]:
        """The workspace folders' paths."""
        return self._roots

    def put(self, document: Document) -> None:
        """Makes `document` the present version of its file."""
        self._open[document.uri] = document
        self._snapshot = None

    def close(self, uri: str) -> bool:
        """Forgets an open document; False when it was not open."""
        self._snapshot = None
        self.changes += 1
        return self._open.pop(uri, None) is not None

    def set_roots(self, roots: tuple[str, ...]) -> None:
        """Sets the workspace folders."""
        self._roots = roots
        self.touch()

    def set_settings(self, settings: Mapping[str, Any]) -> None:
        """Sets the editor's settings."""
        self._settings = settings
        self.touch()

    def touch(self, *, all_files: bool = True) -> None:
        """Ends the present snapshot: settings or files beside the open ones have changed.

        Without `all_files`, only those that import what has changed are to be looked at anew.
        """
        self._lasting = dict(self._always)
        self._snapshot = None
        self.changes += 1
        self.epoch += all_files


def rewritten(document: Document, text: str, version: int) -> Document:
    """`document` with a wholly new text, keeping the pieces outside the part that changed."""
    old = document.text
    start = _common_prefix(old, text)
    most = min(len(old), len(text)) - start
    end = _common_prefix(old[::-1][:most], text[::-1][:most])
    span = Span(start, len(old) - end)
    return document.replaced(span, text[start : len(text) - end], version)


def _common_prefix(one: str, other: str) -> int:
    """How many characters two texts share at their start, by halving: all work is done in C."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def read(path: Path, uri: str = "") -> Document:
    """A document from disk; a byte order mark is dropped, bytes that are no UTF-8 are kept.

    Raises:
        OSError: the file cannot be read (it may have vanished).
    """
    return Document.open(uri or path.as_uri(), decoded(path.read_bytes()), path=str(path))


def decoded(data: bytes) -> str:
    """Bytes as text: each byte that is no UTF-8 becomes one lone surrogate, as Python does it."""
    return data.decode("utf-8-sig", "surrogateescape")
