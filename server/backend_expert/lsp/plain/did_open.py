"""A file is opened: it is read into pieces and checked."""

import logging
from typing import TYPE_CHECKING, Any

import msgspec

from backend_expert.lsp.convert import path_of
from backend_expert.lsp.plain.did_change import changed
from backend_expert.workspace.document import Document

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

log = logging.getLogger(__name__)


class Opened(msgspec.Struct, rename="camel"):
    """The text as the client has it."""

    uri: str
    text: str
    language_id: str = ""
    version: int = 0


class Params(msgspec.Struct, rename="camel"):
    """What is opened."""

    text_document: Opened


def handle(door: "Door", params: Any) -> None:
    opened = msgspec.convert(params, Params).text_document
    if door.documents.get(opened.uri) is not None:
        log.warning("%s is opened twice; the newer text counts", opened.uri)
    document = Document.open(
        opened.uri,
        opened.text,
        path=path_of(opened.uri),
        language=opened.language_id,
        version=opened.version,
    )
    door.documents.put(document)
    changed(door, opened.uri)
