"""Stopping an answer: the connection is closed at once, and what goes wrong is said plainly."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from backend_expert.lsp.client import Failed

from tests.lsp.asking.world import RATE, SERVICE, World, answer_begun, world
from tests.support.messages_api import (
    MessagesApi,
    answer,
    breaks,
    cuts,
    fails,
    holds,
    sends,
    waits,
)
from tests.support.messages_api.script import Script

SOON = 0.2  # seconds within which nothing more is read


def by_bar(here: World, name: int, uri: str) -> None:
    here.editor.session.notify("window/workDoneProgress/cancel", {"token": "bar"})


def by_request(here: World, name: int, uri: str) -> None:
    here.editor.session.notify("$/cancelRequest", {"id": name})


def by_command(here: World, name: int, uri: str) -> None:
    params = {"command": "backendExpert.stop", "arguments": []}
    here.editor.session.ask("workspace/executeCommand", params)


def by_closing(here: World, name: int, uri: str) -> None:
    here.editor.session.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


WAYS = {"bar": by_bar, "request": by_request, "command": by_command, "closing": by_closing}
Way = Callable[[World, int, str], None]


@pytest.mark.parametrize("when", ["before the first word", "in the middle"])
@pytest.mark.parametrize("way", WAYS)
async def test_stopping_closes_the_connection_at_once(here: World, way: str, when: str) -> None:
    if way == "closing" and here.client == "own view":
        return  # it has no document; its view sends the command
    uri = here.open()
    here.api.script(answer(*(["It asks "] if when == "in the middle" else []), holds()))
    name, pending = here.asked("explain", uri, workDoneToken="bar")
    (sent,) = await here.sent(1)
    shown = await answer_begun(here)
    if when == "in the middle":
        await here.editor.session.until(
            lambda: any(one.get("message", "").endswith("characters") for one in here.bar())
        )
    began = time.monotonic()
    WAYS[way](here, name, shown)
    with pytest.raises(Failed, match="-32800"):
        await asyncio.wait_for(pending, 10)
    await asyncio.to_thread(sent.wait)
    assert sent.left_at is not None and sent.left_at - began < SOON
    assert not sent.answered
    assert here.bar()[-1] == {"kind": "end", "message": "cancelled"}
    if here.client == "own view":
        (end,) = here.parts("end")
        assert end["outcome"] == "cancelled"
    audit = here.home / "state" / "backend-expert" / "audit.jsonl"
    assert '"outcome":"cancelled"' in audit.read_text().splitlines()[-1]
    # The next question is answered as if nothing had been.
    here.api.script(answer("Like so."))
    assert "Like so." in (await here.ask("explain", uri))["text"]


async def test_the_light_bulbs_other_answers_go_on_when_one_is_stopped(there: World) -> None:
    uri = there.open()
    there.api.script(answer("One", holds()))
    first = there.asked("explain", uri)[1]
    await there.sent(1)
    begun = (await there.editor.session.until(lambda: there.parts("begin")))[0]
    there.api.script(answer("Two", waits(0.3), " goes on."))
    second = there.asked("review", uri)[1]
    await there.sent(2)
    assert await there.command("stop", id=begun["id"]) == 1
    with pytest.raises(Failed, match="-32800"):
        await first
    assert "Two goes on." in (await second)["text"]


async def test_closing_the_document_of_an_answer_that_has_ended_stops_nothing(
    here: World,
) -> None:
    if here.client == "own view":
        return
    uri = here.open()
    here.api.script(answer("So."))
    first = await here.ask("explain", uri)
    here.api.script(answer("Because", waits(0.2), " of that."))
    argument = {"id": first["id"], "words": "Why?"}
    params = {"command": "backendExpert.followUp", "arguments": [argument]}
    second = here.editor.session.ask("workspace/executeCommand", params)[1]
    await here.sent(2)
    by_closing(here, 0, first["uri"])
    assert "Because of that." in (await second)["text"]


@pytest.mark.parametrize("way", ["shutdown", "exit", "the pipe breaks"])
async def test_the_editor_ends_in_mid_answer(base: Path, way: str) -> None:
    with MessagesApi() as api:
        async with world("neovim", base, api) as here:
            uri = here.open()
            api.script(answer("It asks ", holds()))
            here.asked("explain", uri)[1].add_done_callback(lambda done: done.exception())
            (sent,) = await here.sent()
            await answer_begun(here)
            session = here.editor.session
            began = time.monotonic()
            if way == "shutdown":
                await session.request("shutdown")
                await asyncio.to_thread(sent.wait)
                session.notify("exit")
            elif way == "exit":
                session.notify("exit")
            else:
                assert session.process.stdin is not None
                session.process.stdin.close()
            code = await asyncio.wait_for(session.process.wait(), 10)
            await asyncio.to_thread(sent.wait)
            assert code == (0 if way == "shutdown" else 1)
            assert sent.left_at is not None and sent.left_at - began < 1
        log = here.log.read_text()
        assert "Traceback" not in log and "never" not in log and "Warning" not in log, log


# -- what goes wrong --------------------------------------------------------------------------------

NO_RETRY = {"x-should-retry": "false"}
FAILURES: dict[str, tuple[Script, str]] = {
    "400": (fails(400, "messages: bad"), "does not take the request in this form"),
    "401": (fails(401), "does not accept the key"),
    "402": (fails(402), "has no credit left"),
    "403": (fails(403), "is not allowed to use this model"),
    "404": (fails(404, "model: sonnet"), "does not know this model"),
    "413": (fails(413), "more than the model can take in"),
    "429": (fails(429, retry_after=40), "takes no more requests from you for now; ask again in 40"),
    "500": (fails(500, headers=NO_RETRY), "Something went wrong at the provider"),
    "503": (fails(503, headers=NO_RETRY), "too much to do right now"),
    "504": (fails(504, headers=NO_RETRY), "did not answer in time"),
    "529": (fails(529, headers=NO_RETRY), "too much to do right now"),
    "refusal": (answer("I", stop="refusal"), "The model declined to answer this"),
    "max tokens": (answer("It", stop="max_tokens"), "reached its greatest length"),
    "context": (answer("It", stop="model_context_window_exceeded"), "more than the model can"),
    "filter": (answer("It", stop="content_filter"), "content filter stopped the answer"),
    "an odd reason": (answer("It", stop="tired"), "Something went wrong at the provider"),
    "an error within": (answer("It", breaks("overloaded_error")), "too much to do right now"),
    "a cut": (answer("It", cuts()), "The connection broke in the middle of the answer"),
    "no json": (
        answer("It", sends(b"event: content_block_delta\ndata: {nonsense\n\n")),
        "The answer could not be read",
    ),
    "no start": (
        answer(sends(b'event: message_stop\ndata: {"type": "message_stop"}\n\n')),
        "The answer could not be read",
    ),
}


@pytest.mark.parametrize("why", FAILURES)
async def test_each_failure_is_one_sentence_with_the_offline_answer_beneath(
    there: World, why: str
) -> None:
    script, words = FAILURES[why]
    uri = there.open()
    there.api.script(script)
    result = await there.ask("review", uri, SERVICE)
    said = [line for line in result["text"].splitlines() if line.startswith("> ")]
    assert len(said) == 1 and words in said[0], result["text"]
    below = result["text"].partition(said[0])[2]
    assert "What the code itself tells:" in below and "no timeout" in below
    assert "nothing left this machine" not in below
    (end,) = there.parts("end")
    assert end["outcome"] == "failed" and f"> {end['text']}" == said[0]
    if isinstance(script, type(answer())) and why != "no start":
        assert result["text"].index(str(script.steps[0])) < result["text"].index(said[0])


@pytest.mark.parametrize(
    ("script", "setting"),
    [
        (answer("Late.", headers_after=30), "first-token-timeout = 2"),
        (answer("It", waits(30), " is late."), "silence-timeout = 0.3"),
    ],
)
async def test_what_takes_too_long_is_given_up(base: Path, script: Any, setting: str) -> None:
    own = f"[model]\nretries = 0\n{setting}\n"
    with MessagesApi() as api:
        async with world("own view", base, api, own=own) as here:
            uri = here.open()
            api.script(script, times=None)
            while not api.messages():  # the first ones may only wait for the library to be read
                result = await here.ask("review", uri, SERVICE)
            assert "> The provider did not answer in time" in result["text"]
            assert "no timeout" in result["text"]
            sent = api.messages()[0]
            await asyncio.to_thread(sent.wait)
            assert sent.left_at is not None


async def test_nobody_at_the_other_end(base: Path) -> None:
    with MessagesApi() as api:
        url = api.url
    environment = {"ANTHROPIC_BASE_URL": url}
    async with world("own view", base, api, environment=environment, own="[model]\nretries = 0\n") as here:  # fmt: skip
        result = await here.ask("review", here.open(), RATE)
        assert "> The provider cannot be reached" in result["text"]
        assert here.parts("end")[0]["outcome"] == "failed"


async def test_without_a_key_it_answers_offline_and_says_so(base: Path) -> None:
    with MessagesApi() as api:
        environment = {"ANTHROPIC_API_KEY": "", "ANTHROPIC_BASE_URL": "", "HOME": str(base)}
        async with world("own view", base, api, environment=environment) as here:
            uri = here.open()
            result = await here.ask("review", uri)
            assert "no timeout" in result["text"] and "set ANTHROPIC_API_KEY" in result["text"]
            assert here.parts("end")[0]["outcome"] == "answered"
            assert "window/showMessageRequest" not in here.told
            more = await here.command("followUp", id=result["id"], words="Why\nso?")
            assert more["text"].startswith("\n\n> Why so?\n\nWithout a model")
            again = await here.command("regenerate", id=result["id"])
            body = again["text"].partition("\n")[2]
            assert body == result["text"].partition("\n")[2]
            kept = await here.command("history")
            assert [one["id"] for one in kept] == [again["id"], result["id"]]
            assert all(one["title"] == "Review this code" for one in kept)
            assert api.requests == []
