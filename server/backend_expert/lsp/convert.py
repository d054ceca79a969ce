"""Places and addresses, theirs to ours and back. What a client cannot show is decided here."""

import os
import re
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from backend_expert.text.encoding import Encoding, from_units, to_units
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document

_DRIVE = re.compile(r"^/[A-Za-z]:")


def offset_of(document: Document, line: int, character: int, encoding: Encoding) -> int:
    """The offset of a client's position."""
    if character > 0 and encoding != "utf-32":
        character = from_units(document.line_text(line), character, encoding)
    return document.offset(line, character)


def span_of(document: Document, spread: dict[str, Any], encoding: Encoding) -> Span:
    """The span of a client's range, given as plain JSON."""
    start, end = spread["start"], spread["end"]
    first = offset_of(document, start["line"], start["character"], encoding)
    return Span(first, max(first, offset_of(document, end["line"], end["character"], encoding)))


def absolute_range(
    document: Document | None, span: Span, encoding: Encoding
) -> dict[str, dict[str, int]]:
    """A span of a document as LSP's range; the start of the file when it is not known."""
    return {
        "start": lsp_position(document, span.start, encoding),
        "end": lsp_position(document, span.end, encoding),
    }


def lsp_position(document: Document | None, offset: int, encoding: Encoding) -> dict[str, int]:
    """An offset of a document as LSP's position."""
    if document is None:
        return {"line": 0, "character": 0}
    line, column = document.position(offset)
    index = document.piece_at(offset)
    if not document.pieces[index].is_ascii or not document.starts_line(index):
        column = to_units(document.line_text(line), column, encoding)
    elif column and document.slice(offset - 1, offset + 1) == "\r\n":
        column -= 1  # within the line end is at the line's end
    return {"line": line, "character": column}


def path_of(uri: str) -> str | None:
    """The path of a `file:` URI; None for unsaved buffers and other schemes."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme.lower() != "file":
        return None
    # `?` and `#` in file names are sometimes left bare by clients: they belong to the path.
    rest = uri.split(":", 1)[1]
    rest = rest[2 + len(parts.netloc) :] if rest.startswith("//") else rest
    path = unquote(rest, errors="surrogateescape")
    if parts.netloc and parts.netloc.lower() != "localhost":
        path = f"//{unquote(parts.netloc)}{path}"
    elif _DRIVE.match(path):
        path = path[1].upper() + path[2:]
    return path.replace("/", os.sep) if os.sep != "/" else path


def uri_of(path: str) -> str:
    """The `file:` URI of a path."""
    if os.sep != "/":
        path = path.replace(os.sep, "/")
    if re.match(r"^[A-Za-z]:/", path):
        return f"file:///{path[0].upper()}:{_quoted(path[2:])}"
    if path.startswith("//"):
        host, _, rest = path[2:].partition("/")
        return f"file://{host}/{_quoted(rest)}"
    return f"file://{_quoted(PurePosixPath(path).as_posix())}"


def _quoted(path: str) -> str:
    return quote(path, errors="surrogateescape")
