"""Reports: the diagnostics of each document as bytes, with the id that tells them from others."""

import itertools
import os
import time
from typing import TYPE_CHECKING

import msgspec

from backend_expert.ide import diagnostics as ide
from backend_expert.lsp.fragments import Renderer, Shape
from backend_expert.lsp.wire import Raw, encode
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Snapshot

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door


class Report(msgspec.Struct, frozen=True):
    """What a document was last reported to have: a JSON array, and its id."""

    items: bytes
    id: str


class Reports:
    """The last report of each document."""

    def __init__(self) -> None:
        self._renderer = Renderer(Shape("utf-16", False, False, frozenset(), False))
        self._last: dict[str, tuple[Snapshot, Report]] = {}
        # Ids of an earlier server's life must not look like ours.
        life = f"{os.getpid():x}-{time.time_ns():x}"
        self._ids = (f"{life}-{number:x}" for number in itertools.count(1))

    @property
    def has_told(self) -> bool:
        """Whether the diagnostics of any document have been asked for or pushed."""
        return bool(self._last)

    def start(self, shape: Shape) -> None:
        """Renders for a client of this shape from now on."""
        self._renderer = Renderer(shape)
        self._last.clear()

    def of(self, door: "Door", snapshot: Snapshot, document: Document) -> Report:
        """The present report of a document; the same id as long as it says the same."""
        last = self._last.get(document.uri)
        if last is not None and last[0] is snapshot:
            return last[1]
        report = self._made(door, snapshot, document, last[1] if last else None)
        self._last[document.uri] = (snapshot, report)
        return report

    def _made(
        self, door: "Door", snapshot: Snapshot, document: Document, before: Report | None
    ) -> Report:
        try:
            groups = ide.diagnostics(snapshot, document.uri)
            items = self._renderer.render(snapshot, document, groups)
        except Exception as error:
            door.failed("checking a file", error)
            items = b"[]"
        door.trouble.complain(snapshot)
        if before is not None and before.items == items:
            return before
        return Report(items, next(self._ids))

    def pulled(self, report: Report, previous: str | None) -> Raw:
        """The answer to a pull by a client that has the report called `previous`."""
        if report.id == previous:
            return Raw(b'{"kind":"unchanged","resultId":%b}' % encode(report.id))
        return Raw(b'{"kind":"full","resultId":%b,"items":%b}' % (encode(report.id), report.items))

    def published(self, door: "Door", snapshot: Snapshot, document: Document) -> bytes:
        """The parameters of a push."""
        report = self.of(door, snapshot, document)
        return b'{"uri":%b,"version":%d,"diagnostics":%b}' % (
            encode(document.uri), document.version, report.items,
        )  # fmt: skip

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self._last.pop(uri, None)
