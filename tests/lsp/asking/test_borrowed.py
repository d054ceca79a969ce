"""A model that the editor lends: asked through the gate as any other, answered in parts."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio
from backend_expert.lsp.client import Failed

from tests.lsp.asking.world import KEY, QUICK, RATE, TOKEN, World, edit, world
from tests.support.messages_api import MessagesApi

COMPLETE, PART = "backendExpert/complete", "backendExpert/completion"
LENDS = {"experimental": {"backendExpert": {"answers": True, "completes": True}}}
CHOSEN = {"model": {"provider": "editor"}}


@pytest_asyncio.fixture(loop_scope="module")
async def lending(api: MessagesApi, base: Path) -> AsyncIterator[World]:
    """An editor that lends its model, to a person who has chosen it."""
    api.forget()
    async with world("own view", base, api, capabilities=LENDS, options=CHOSEN) as found:
        yield found
        assert await found.editor.session.shutdown() == 0
        assert api.requests == []  # whatever key there is


def says(there: World, *parts: str) -> None:
    """Has the editor's model answer in parts."""

    def answered(params: Any) -> Any:
        for part in parts:
            there.editor.session.notify(PART, {"id": params["id"], "text": part})
        return {"model": "lent-1"}

    there.editor.session.answers[COMPLETE] = answered


async def test_an_answer_in_parts(lending: World) -> None:
    says(lending, "It asks ", "for the rate.\n")
    result = await lending.ask("explain", lending.open())
    assert "It asks for the rate." in result["text"] and "lent-1" in result["text"]
    (asked,) = lending.told[COMPLETE]
    assert {message["role"] for message in asked["messages"]} == {"user"}
    words = "\n".join(message["text"] for message in asked["messages"])
    assert RATE.strip() in words and "```propose_edits" not in words
    assert asked["maxTokens"] > 0
    # The person was asked first, no secret has left, and the log knows of it.
    (question,) = lending.told["window/showMessageRequest"]
    assert "to editor (the editor's own model)" in question["message"]
    assert TOKEN not in words and "BACKEND_EXPERT_SECRET" in words
    audit = [json.loads(line) for line in _audit(lending).splitlines() if line]
    assert [(one["provider"], one["model"], one["outcome"]) for one in audit] == [
        ("editor", "lent-1", "answered")
    ]


async def test_its_edits_are_proved_and_made(lending: World) -> None:
    proposal = json.dumps({"title": "Wait 5 seconds", "edits": [edit(RATE, QUICK)]})
    says(lending, "It waits for ever.\n\n``", "`propose_edits\n" + proposal[:40], proposal[40:])
    fenced = lending.editor.session.answers[COMPLETE]
    lending.editor.session.answers[COMPLETE] = lambda params: (
        fenced(params),
        lending.editor.session.notify(PART, {"id": params["id"], "text": "\n```\n"}),
        {"model": "lent-1"},
    )[-1]
    uri = lending.open()
    result = await lending.ask("rewrite", uri)
    (offered,) = lending.parts("proposal")
    assert offered["proposal"]["title"] == "Wait 5 seconds"
    assert "propose_edits" not in result["text"]
    assert await lending.applied(result) == 1
    assert QUICK in lending.editor.texts[uri]


async def test_a_no_keeps_all_here(lending: World) -> None:
    lending.consents("Never here")
    result = await lending.ask("explain", lending.open())
    assert lending.told[COMPLETE] == []
    assert "lent-1" not in result["text"]


async def test_stopping_has_the_editor_stop(lending: World) -> None:
    lending.editor.session.silent.add(COMPLETE)
    lending.asked("explain", lending.open())
    session = lending.editor.session
    await session.until(lambda: lending.told[COMPLETE])
    (asked,) = lending.told[COMPLETE]
    session.notify(PART, {"id": asked["id"], "text": "It asks "})
    await session.until(lambda: any("It asks" in p["text"] for p in lending.parts("text")))
    await lending.command("stop")
    await session.until(lambda: lending.told["$/cancelRequest"])
    assert [part["outcome"] for part in lending.parts("end")] == ["cancelled"]


async def test_a_refusal_is_told_in_the_editors_words(lending: World) -> None:
    def refused(params: Any) -> Any:
        raise Failed({"code": -32803, "message": "Lent 1: not about this"})

    lending.editor.session.answers[COMPLETE] = refused
    result = await lending.ask("explain", lending.open())
    assert "The editor's own model did not answer" in result["text"]
    assert "(reason: `Lent 1: not about this`)" in result["text"]
    assert [part["outcome"] for part in lending.parts("end")] == ["failed"]


async def test_an_empty_answer_is_none(lending: World) -> None:
    says(lending, " \n")
    result = await lending.ask("explain", lending.open())
    assert "its answer is empty" in result["text"]


async def test_an_editor_without_a_model_is_told_of(api: MessagesApi, base: Path) -> None:
    api.forget()
    async with world("own view", base, api, options=CHOSEN) as there:
        result = await there.ask("explain", there.open())
        assert "this editor has no model to lend" in result["text"]
        assert await there.editor.session.shutdown() == 0
    assert api.requests == [] and KEY not in result["text"]


def _audit(there: World) -> str:
    (path,) = there.home.rglob("audit.jsonl")
    return path.read_text("utf-8")
