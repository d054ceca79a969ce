"""Sessions with the real server over fake features, as a process, spoken to in plain JSON."""

import asyncio
import sys
from collections.abc import AsyncIterator

import pytest
from backend_expert.lsp.client import Session

COMMAND = (sys.executable, "-m", "tests.support.fake_server")


@pytest.fixture
async def session() -> AsyncIterator[Session]:
    """A server that was told nothing yet."""
    async with Session.start(COMMAND, stderr=asyncio.subprocess.DEVNULL) as started:
        yield started
