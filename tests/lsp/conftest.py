"""Sessions with the real server over fake features, as a process, spoken to in plain JSON.

A test that needs a start of its own takes `session`; one that can share takes `running`.
"""

import asyncio
import inspect
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from backend_expert.lsp.client import Session

from tests.support import clients

COMMAND = (sys.executable, "-m", "tests.support.fake_server")
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of a module share one event loop, so that they can share a server."""
    for item in items:
        if HERE in item.path.parents and inspect.iscoroutinefunction(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)


@pytest_asyncio.fixture(loop_scope="module")
async def session() -> AsyncIterator[Session]:
    """A server that was told nothing yet."""
    async with Session.start(COMMAND, stderr=asyncio.subprocess.DEVNULL) as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[Session]:
    async with Session.start(COMMAND, stderr=asyncio.subprocess.DEVNULL) as started:
        await started.initialize(clients.vscode())
        yield started


@pytest.fixture
def running(shared: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A server that VS Code has started, shared by the module's tests; buffers are closed after."""
    shared.told.clear()
    shared.stray.clear()
    opened: dict[str, None] = {}
    open_one = shared.open

    def noted(uri: str, *more: Any) -> None:
        opened[uri] = None
        open_one(uri, *more)

    monkeypatch.setattr(shared, "open", noted)
    yield shared
    for uri in opened:
        shared.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
