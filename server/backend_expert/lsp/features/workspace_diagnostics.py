"""Workspace diagnostics: every file's findings, handed over as they are found."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from backend_expert.ide import diagnostics as ide
from backend_expert.lsp.convert import path_of
from backend_expert.lsp.reports import Report
from backend_expert.lsp.wire import Raw, encode
from backend_expert.workspace.documents import Snapshot, read

if TYPE_CHECKING:
    from backend_expert.lsp.server import ExpertServer

BATCH = 20  # files to one partial result


async def handle(ls: "ExpertServer", params: types.WorkspaceDiagnosticParams) -> Raw:
    known = {previous.uri: previous.value for previous in params.previous_result_ids}
    token = params.partial_result_token
    ready: list[bytes] = []
    for uri in _uris(ls.snapshot()):
        item = _item(ls, uri, known.get(uri))
        if item is not None:
            ready.append(item)
        if token is not None and len(ready) >= BATCH:
            items = Raw(b'{"token":%b,"value":%b}' % (encode(token), _items(ready)))
            ls.door.notify("$/progress", items)
            ready = []
        await asyncio.sleep(0)  # a keystroke may come in between two files
    return Raw(_items(ready))


def _items(ready: list[bytes]) -> bytes:
    return b'{"items":[%b]}' % b",".join(ready)


def _uris(snapshot: Snapshot) -> Iterator[str]:
    yield from snapshot.documents
    for uri in ide.workspace_uris(snapshot):
        if uri not in snapshot.documents:
            yield uri


def _item(ls: "ExpertServer", uri: str, previous: str | None) -> bytes | None:
    """One file's report; None when it has vanished, or has nothing that the client must know."""
    snapshot = ls.snapshot()
    reports = ls.door.reports
    document = snapshot.document(uri)
    if document is not None:
        report = reports.of(ls.door, snapshot, document)
        return _report(uri, document.version, report, previous)
    path = path_of(uri)
    if path is None:
        return None
    try:
        stamp = (Path(path).stat().st_mtime_ns, id(snapshot.settings))
        report = reports.kept(uri, stamp)
        if report is None:
            document = read(Path(path), uri)
            report = reports.of_file(ls.door, snapshot.including(document), document, stamp)
    except OSError:  # it vanished, or may not be read
        return None
    if previous is None and report.items == b"[]":
        return None
    return _report(uri, None, report, previous)


def _report(uri: str, version: int | None, report: Report, previous: str | None) -> bytes:
    head = b'{"uri":%b,"version":%b,"resultId":%b,' % (
        encode(uri), encode(version), encode(report.id),
    )  # fmt: skip
    if report.id == previous:
        return head + b'"kind":"unchanged"}'
    return head + b'"kind":"full","items":%b}' % report.items
