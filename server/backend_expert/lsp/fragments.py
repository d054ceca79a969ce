"""Diagnostics as JSON, put together from parts that are kept for as long as a piece lives.

A piece's diagnostics are rendered once, with holes for line numbers; a keystroke above them only
fills in other numbers. That is what keeps an answer with hundreds of findings cheap.
"""

from collections.abc import Sequence
from typing import Any, cast

import msgspec

from backend_expert.ide.types import Diagnostic, PieceDiagnostics, Related
from backend_expert.lsp.capabilities import IDENTIFIER, Client
from backend_expert.lsp.convert import absolute_range, lsp_position, path_of
from backend_expert.lsp.on_disk import on_disk
from backend_expert.lsp.wire import encode
from backend_expert.text.encoding import Encoding
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Snapshot
from backend_expert.workspace.piece import Piece

TAGS = {"unnecessary": 1, "deprecated": 2}

# A part is JSON as it stands, or a line number still to be moved by its piece's first line.
Part = bytes | int
Key = tuple[int, ...]


class Shape(msgspec.Struct, frozen=True):
    """What the client understands of a diagnostic, and how it counts columns."""

    encoding: Encoding
    related: bool
    hrefs: bool
    tags: frozenset[str]
    data: bool

    @classmethod
    def of(cls, client: Client) -> "Shape":
        """The shape for a client, by what it says of the way it receives diagnostics."""
        room = "textDocument.diagnostic" if client.pulls else "textDocument.publishDiagnostics"
        # Clients that pull often tell these abilities under publishDiagnostics only.
        push = "textDocument.publishDiagnostics"
        known = [*_numbers(client, room), *_numbers(client, push)]
        return cls(
            encoding=client.encoding,
            related=client.has(f"{room}.relatedInformation")
            or client.has(f"{push}.relatedInformation"),
            hrefs=client.has(f"{room}.codeDescriptionSupport")
            or client.has(f"{push}.codeDescriptionSupport"),
            tags=frozenset(name for name, number in TAGS.items() if number in known),
            data=client.has(f"{room}.dataSupport") or client.has(f"{push}.dataSupport"),
        )


def _numbers(client: Client, room: str) -> list[object]:
    numbers = client.get(f"{room}.tagSupport.valueSet")
    return cast("list[object]", numbers) if isinstance(numbers, list) else []


class _Sheet:
    """The rendered diagnostics of one piece, with holes for its lines."""

    __slots__ = ("diagnostics", "filled", "filled_for", "parts")

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        self.parts: list[Part] = []
        self.filled_for = -1
        self.filled = b""

    def fill(self, line: int) -> bytes:
        """The JSON for a piece that starts in `line`."""
        if self.filled_for != line:
            texts = [p if isinstance(p, bytes) else b"%d" % (p + line) for p in self.parts]
            self.filled = b"".join(texts)
            self.filled_for = line
        return self.filled


class Renderer:
    """Renders the diagnostics of documents for one client."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self._key = f"lsp.sheet.{id(self)}"

    def render(
        self, snapshot: Snapshot, document: Document, groups: Sequence[PieceDiagnostics]
    ) -> bytes:
        """A JSON array of all the diagnostics of a document."""
        done: list[bytes] = []
        for group in groups:
            if group.diagnostics:
                done.append(self._group(snapshot, document, group))
        return b"[%b]" % b",".join(done)

    def _group(self, snapshot: Snapshot, document: Document, group: PieceDiagnostics) -> bytes:
        piece = document.pieces[group.index]
        sheet = piece.notes.get(self._key)
        if isinstance(sheet, _Sheet) and sheet.diagnostics is group.diagnostics:
            return sheet.fill(document.line_of(group.index))
        sheet = _Sheet(group.diagnostics)
        drawing = _Drawing(self.shape, snapshot, document, group.index)
        for number, diagnostic in enumerate(group.diagnostics):
            drawing.text(b"," if number else b"")
            drawing.diagnostic(diagnostic)
        sheet.parts = drawing.joined()
        # What names another piece, or starts within a line, can change without this piece.
        if drawing.is_stable and document.starts_line(group.index):
            piece.notes[self._key] = sheet
        return sheet.fill(document.line_of(group.index))


class _Drawing:
    """Renders one piece's diagnostics, lines counted from the piece's first line."""

    def __init__(self, shape: Shape, snapshot: Snapshot, document: Document, index: int) -> None:
        self.shape = shape
        self.snapshot = snapshot
        self.document = document
        self.index = index
        self.base = document.line_of(index)
        self.parts: list[Part] = []
        self.is_stable = True

    def text(self, json: bytes) -> None:
        self.parts.append(json)

    def joined(self) -> list[Part]:
        """The parts, neighbouring texts made one."""
        done: list[Part] = []
        run: list[bytes] = []
        for part in self.parts:
            if isinstance(part, bytes):
                run.append(part)
            else:
                done += (b"".join(run), part)
                run.clear()
        return [*done, b"".join(run)]

    def diagnostic(self, diagnostic: Diagnostic) -> None:
        shape = self.shape
        message = diagnostic.message
        if diagnostic.related and not shape.related:
            message += "".join(f"\n{related.message}" for related in diagnostic.related)
        self.text(b'{"range":')
        self.range(self.document.start_of(self.index), diagnostic.span)
        rest: dict[str, Any] = {
            "severity": diagnostic.severity,
            "code": diagnostic.rule,
            "source": IDENTIFIER,
            "message": message,
        }
        if diagnostic.href and shape.hrefs:
            rest["codeDescription"] = {"href": diagnostic.href}
        tags = [TAGS[tag] for tag in diagnostic.tags if tag in shape.tags]
        if tags:
            rest["tags"] = tags
        if shape.data:
            rest["data"] = {"fixable": diagnostic.fixable}
        self.text(b"," + encode(rest)[1:-1])
        if diagnostic.related and shape.related:
            self.text(b',"relatedInformation":[')
            for number, related in enumerate(diagnostic.related):
                self.text(b"," if number else b"")
                self.related(related)
            self.text(b"]")
        self.text(b"}")

    def related(self, related: Related) -> None:
        uri = related.uri or self.document.uri
        self.text(b'{"location":{"uri":%b,"range":' % encode(uri))
        if related.uri and related.uri != self.document.uri:
            other = on_disk(path_of(related.uri)) or self.snapshot.document(related.uri)
            self.text(encode(absolute_range(other, related.span, self.shape.encoding)))
        elif related.piece is None or related.piece is self.document.pieces[self.index]:
            self.range(self.document.start_of(self.index), related.span)
        else:
            self.is_stable = False
            start = self._start_of(related.piece)
            span = related.span.moved(start)
            self.text(encode(absolute_range(self.document, span, self.shape.encoding)))
        self.text(b'},"message":%b}' % encode(related.message))

    def range(self, start: int, span: Span) -> None:
        """A range in this piece, its lines as holes."""
        encoding = self.shape.encoding
        for name, offset in ((b'{"start":', span.start), (b',"end":', span.end)):
            at = lsp_position(self.document, start + offset, encoding)
            self.parts += (
                name + b'{"line":',
                at["line"] - self.base,
                b',"character":%d}' % at["character"],
            )
        self.text(b"}")

    def _start_of(self, piece: Piece) -> int:
        for index, known in enumerate(self.document.pieces):
            if known is piece:
                return self.document.start_of(index)
        return 0
