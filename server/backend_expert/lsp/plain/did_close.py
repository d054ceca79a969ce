"""A file is closed: what is on disk counts again."""

import logging
from typing import TYPE_CHECKING, Any

import msgspec

from backend_expert.lsp.wire import Raw, encode

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

log = logging.getLogger(__name__)


class Closed(msgspec.Struct):
    """Which document."""

    uri: str


class Params(msgspec.Struct, rename="camel"):
    """What is closed."""

    text_document: Closed


def handle(door: "Door", params: Any) -> None:
    uri = msgspec.convert(params, Params).text_document.uri
    door.asking.closed(uri)
    if not door.documents.close(uri):
        log.warning("%s is closed but was not open", uri)
    door.unpublished.pop(uri, None)
    door.reports.forget(uri)
    if not door.client.pulls:
        empty = Raw(b'{"uri":%b,"diagnostics":[]}' % encode(uri))
        door.notify("textDocument/publishDiagnostics", empty)
