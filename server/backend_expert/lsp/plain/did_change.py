"""A keystroke: the change is made in the piece it touches, and nothing else is looked at."""

import logging
from typing import TYPE_CHECKING, Any

import msgspec

from backend_expert.lsp.convert import offset_of
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import rewritten

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.text.encoding import Encoding

log = logging.getLogger(__name__)


class Place(msgspec.Struct):
    """A position as the client counts."""

    line: int
    character: int


class Stretch(msgspec.Struct):
    """A range as the client counts."""

    start: Place
    end: Place


class Change(msgspec.Struct):
    """A new text for a range, or for the whole file when there is none."""

    text: str
    range: Stretch | None = None


class Changed(msgspec.Struct):
    """The document and its version after the changes."""

    uri: str
    version: int | None = None


class Params(msgspec.Struct, rename="camel"):
    """The changes, each to the text that the one before it left."""

    text_document: Changed
    content_changes: list[Change]


def handle(door: "Door", params: Any) -> None:
    change = msgspec.convert(params, Params)
    uri, version = change.text_document.uri, change.text_document.version
    document = door.documents.get(uri)
    if document is None:
        log.error("passed over a change of %s, which is not open", uri)
        return
    if version is None:
        version = document.version + 1
    if version <= document.version:
        # Messages keep their order on the wire, so the change itself is still the right one.
        log.warning("%s goes from version %d to %d", uri, document.version, version)
    encoding = door.client.encoding
    for part in change.content_changes:
        document = _changed(document, part, version, encoding)
    door.documents.put(document)
    changed(door, uri)


def _changed(document: Document, part: Change, version: int, encoding: "Encoding") -> Document:
    if part.range is None:
        return rewritten(document, part.text, version)
    first, last = part.range.start, part.range.end
    start = offset_of(document, first.line, first.character, encoding)
    end = offset_of(document, last.line, last.character, encoding)
    return document.replaced(Span(min(start, end), max(start, end)), part.text, version)


def changed(door: "Door", uri: str) -> None:
    """Has the document's diagnostics pushed, for a client that does not ask for them."""
    if not door.client.pulls:
        door.unpublished[uri] = None
