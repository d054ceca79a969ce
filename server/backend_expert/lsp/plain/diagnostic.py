"""Diagnostics: what is wrong in the file, asked for after each change."""

from typing import TYPE_CHECKING, Any

import msgspec

from backend_expert.lsp.wire import Raw

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door


class Asked(msgspec.Struct):
    """Which document."""

    uri: str


class Params(msgspec.Struct, rename="camel"):
    """The document, and the id of the report that the client has."""

    text_document: Asked
    previous_result_id: str | None = None


def handle(door: "Door", params: Any) -> Raw:
    asked = msgspec.convert(params, Params)
    snapshot = door.snapshot()
    document = snapshot.document(asked.text_document.uri)
    if document is None:
        return Raw(b'{"kind":"full","items":[]}')
    report = door.reports.of(door, snapshot, document)
    door.office.open_after_answer()
    return door.reports.pulled(report, asked.previous_result_id)
