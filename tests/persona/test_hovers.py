"""The expert in hovers: in the background, kept, given up when the cursor leaves, never unasked."""

import asyncio
import time
from pathlib import Path

import pytest
from backend_expert.ide.desk import checked_uri
from backend_expert.persona.access import ModelSettings
from backend_expert.persona.gate import Answer, Destination, Gate
from backend_expert.persona.gate_settings import GateSettings
from backend_expert.persona.hover_settings import HoverSettings
from backend_expert.persona.hovers import Hovers
from backend_expert.persona.kept_words import KeptWords
from backend_expert.persona.model import Claude
from backend_expert.persona.replies import Replies
from backend_expert.persona.secret import Secret

from tests.persona.conftest import Desk
from tests.support.messages_api import MessagesApi, answer, contains, fails, holds

SOURCE = """import sqlite3

db = sqlite3.connect("a.db")


def first():
    return db.execute("SELECT name FROM users WHERE id = 1").fetchone()


def second():
    return db.execute("SELECT total FROM orders WHERE id = 1").fetchone()
"""
WORDS = "It reads one user by its key, which stays quick."


class Reader:
    """A person who hovers over the queries of one file."""

    def __init__(self, api: MessagesApi, folder: Path, expert: str, consent: Answer | None) -> None:
        self.desk = Desk(SOURCE, "a.py", folder)
        self.folder = folder
        gate = Gate(GateSettings(), folder / "state")
        if consent is not None:
            gate.agree(str(folder), consent)
        settings = ModelSettings(base_url=api.url, api_key=Secret("sk-test-key"), retries=0)
        self.model = Claude(settings)
        replies = Replies(gate, self.model, Destination("anthropic", api.url))
        wish = HoverSettings(expert=expert)  # pyright: ignore[reportArgumentType]
        self.hovers = Hovers(replies, KeptWords(folder / "cache"), wish)

    async def over(self, words: str) -> str:
        checked = checked_uri(self.desk.snapshot, self.desk.document.uri)
        assert checked is not None
        return await self.hovers.words(checked, self.desk.span(words).start + 1, str(self.folder))


async def settled(reader: Reader, words: str) -> str:
    """What the hover says once the answer is there."""
    async with asyncio.timeout(20):
        while not (said := await reader.over(words)):
            pass  # each hover waits for a while itself
    return said


@pytest.fixture
def api():
    with MessagesApi(keys=("sk-test-key",)) as api:
        yield api


@pytest.fixture
async def reading(api: MessagesApi, tmp_path: Path):
    """Makes readers, and lets go of their connections."""
    readers: list[Reader] = []

    def make(expert: str = "auto", consent: Answer | None = "hovers") -> Reader:
        readers.append(Reader(api, tmp_path, expert, consent))
        return readers[-1]

    yield make
    for reader in readers:
        await reader.hovers.close()
        await reader.model.close()


def asked(api: MessagesApi) -> list[str]:
    """The texts that were sent for answers."""
    return [str(request.json) for request in api.requests if request.path == "/v1/messages"]


async def test_the_words_stand_there_once_they_are_known(api: MessagesApi, reading) -> None:
    api.script(answer(WORDS))
    reader = reading()
    assert await settled(reader, "SELECT name") == WORDS
    assert await reader.over("SELECT name") == WORDS
    (sent,) = asked(api)
    assert "SELECT name" in sent and "claude-haiku" in sent


async def test_they_are_kept_across_sessions(api: MessagesApi, reading) -> None:
    api.script(answer(WORDS))
    await settled(reading(), "SELECT name")
    assert await reading().over("SELECT name") == WORDS
    assert await reading("onRequest").over("SELECT name") == WORDS
    assert len(asked(api)) == 1


async def test_a_hover_never_waits_for_a_slow_model(api: MessagesApi, reading) -> None:
    api.script(answer(holds(), WORDS))
    reader = reading()
    await reader.model.prepare()
    started = time.perf_counter()
    assert await reader.over("SELECT name") == ""
    assert time.perf_counter() - started < 0.5  # 0.25 of its own, and a busy machine


async def test_it_is_given_up_when_the_cursor_leaves(api: MessagesApi, reading) -> None:
    api.script(answer("Slow.", holds()), when=contains("SELECT name"))
    api.script(answer(WORDS))
    reader = reading()
    async with asyncio.timeout(20):
        while not asked(api):
            await reader.over("SELECT name")
    assert await settled(reader, "SELECT total") == WORDS
    left = next(r for r in api.requests if r.path == "/v1/messages")
    await asyncio.to_thread(left.wait, 10)
    assert left.left_at is not None


async def test_a_cursor_that_only_passes_by_sends_nothing(api: MessagesApi, reading) -> None:
    api.script(answer(WORDS))
    reader = reading()
    passing = asyncio.create_task(reader.over("SELECT name"))
    await asyncio.sleep(0)
    assert await settled(reader, "SELECT total") == WORDS
    await passing
    assert len(asked(api)) == 1 and "SELECT total" in asked(api)[0]


@pytest.mark.parametrize(
    ("expert", "consent"),
    [("off", "hovers"), ("onRequest", "hovers"), ("auto", None), ("auto", "asks"), ("auto", "no")],
)
async def test_nothing_is_sent_unasked(
    api: MessagesApi, reading, expert: str, consent: Answer | None
) -> None:
    assert await reading(expert, consent).over("SELECT name") == ""
    assert api.requests == []


async def test_only_queries_are_explained_unless_always_is_set(api: MessagesApi, reading) -> None:
    assert await reading().over("import sqlite3") == ""
    assert api.requests == []


async def test_after_a_failure_it_rests(api: MessagesApi, reading) -> None:
    api.script(fails(500))
    reader = reading()
    async with asyncio.timeout(20):
        while not asked(api) or reader.hovers.is_busy:
            await reader.over("SELECT name")
    assert await reader.over("SELECT total") == ""
    assert len(asked(api)) == 1
