"""Worlds to ask in: one for each client and module, and new ones for tests that need their own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.lsp.asking.world import CLIENTS, KEY, World, world
from tests.support.messages_api import MessagesApi


@pytest.fixture(scope="module")
def api() -> Iterator[MessagesApi]:
    with MessagesApi(keys=(KEY,)) as api:
        yield api


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=CLIENTS)
async def each(
    request: pytest.FixtureRequest, api: MessagesApi, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    async with world(request.param, tmp_path_factory.mktemp("asking"), api) as found:
        yield found
        assert await found.editor.session.shutdown() == 0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def only(api: MessagesApi, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with world("own view", tmp_path_factory.mktemp("asking"), api) as found:
        yield found
        assert await found.editor.session.shutdown() == 0


@pytest.fixture
def here(each: World) -> Iterator[World]:
    """A world of each client in turn, which the tests of a module share."""
    yield from fresh(each)


@pytest.fixture
def there(only: World) -> Iterator[World]:
    """The world of a client that shows answers itself."""
    yield from fresh(only)


def fresh(found: World) -> Iterator[World]:
    """A world as if nothing had been asked in it yet."""
    found.api.forget()
    found.told.clear()
    found.consents()
    yield found
    found.editor.session.answers["workspace/applyEdit"] = found.editor.asked_to_apply
    found.editor.session.answers["window/showDocument"] = lambda params: {"success": True}
    found.editor.session.silent.clear()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder for a world of a test's own."""
    return tmp_path
