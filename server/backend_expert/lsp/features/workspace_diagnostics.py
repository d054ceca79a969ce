"""Workspace diagnostics: every file's findings, handed over as they are found."""

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from lsprotocol import types

from backend_expert.lsp.convert import path_of
from backend_expert.lsp.reports import Report
from backend_expert.lsp.wire import Raw, encode

if TYPE_CHECKING:
    from backend_expert.lsp.server import ExpertServer

BATCH = 20  # files to one partial result
PAUSE = 0.3  # seconds after which fewer will do
NOTHING = Report(b"[]", "none")


async def handle(ls: "ExpertServer", params: types.WorkspaceDiagnosticParams) -> Raw:
    # By path: a client may write a file's URI otherwise than we do.
    known = {_key(known.uri): known for known in params.previous_result_ids}
    parts = _Parts(ls, params.partial_result_token)
    for uri in tuple(ls.snapshot().documents):
        snapshot = ls.snapshot()
        document = snapshot.document(uri)
        if document is not None:
            report = ls.door.reports.of(ls.door, snapshot, document)
            previous = known.pop(_key(uri), None)
            parts.add(_report(uri, document.version, report, previous))
        await asyncio.sleep(0)  # a keystroke may come in between two files
    async with aclosing(ls.door.closed_files.reports()) as found:
        async for uri, report in found:
            previous = known.pop(_key(uri), None)
            # Nothing need be said of a file that has no findings and of which nothing was said.
            is_news = previous is not None or report.items != b"[]"
            if is_news and _key(uri) not in _open(ls):
                parts.add(_report(previous.uri if previous else uri, None, report, previous))
    for key, previous in known.items():  # gone, or left out by now
        if previous.value != NOTHING.id and key not in _open(ls):
            parts.add(_report(previous.uri, None, NOTHING, None))
    return Raw(parts.rest())


def _key(uri: str) -> str:
    return path_of(uri) or uri


def _open(ls: "ExpertServer") -> set[str]:
    return {_key(uri) for uri in ls.snapshot().documents}


class _Parts:
    """What is ready: sent in parts to a client that takes them, else kept for the answer."""

    def __init__(self, ls: "ExpertServer", token: types.ProgressToken | None) -> None:
        self._ls = ls
        self._token = token
        self._ready: list[bytes] = []
        self._sent_at = 0.0

    def add(self, item: bytes) -> None:
        self._ready.append(item)
        now = asyncio.get_running_loop().time()
        if self._token is not None and (len(self._ready) >= BATCH or now > self._sent_at + PAUSE):
            value = Raw(b'{"token":%b,"value":%b}' % (encode(self._token), self.rest()))
            self._ls.door.notify("$/progress", value)
            self._sent_at = now

    def rest(self) -> bytes:
        """What was not sent yet."""
        ready, self._ready = self._ready, []
        return b'{"items":[%b]}' % b",".join(ready)


def _report(
    uri: str, version: int | None, report: Report, previous: types.PreviousResultId | None
) -> bytes:
    head = b'{"uri":%b,"version":%b,"resultId":%b,' % (
        encode(uri), encode(version), encode(report.id),
    )  # fmt: skip
    if previous is not None and report.id == previous.value:
        return head + b'"kind":"unchanged"}'
    return head + b'"kind":"full","items":%b}' % report.items
