"""Code actions as JSON: edits when chosen, at once, or as commands, by what the client can."""

from typing import Any

import pytest
from backend_expert.lsp.client import Session

from tests.support import clients

URI = "file:///a/b.fake"
RANGE = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 4}}
EDIT = {"range": RANGE, "newText": "done"}
TOLD = {"range": RANGE, "message": "a TODO is left", "code": "quality/todo"}


async def actions(session: Session, capabilities: dict[str, Any]) -> list[dict[str, Any]]:
    await session.initialize(capabilities)
    session.open(URI, "TODO\n", "fake")
    params = {"textDocument": {"uri": URI}, "range": RANGE, "context": {"diagnostics": [TOLD]}}
    return await session.request("textDocument/codeAction", params)


async def test_edits_are_worked_out_when_chosen(session: Session) -> None:
    fix, ask = await actions(session, clients.vscode())
    assert (
        fix["isPreferred"] and "edit" not in fix and fix["diagnostics"][0]["code"] == TOLD["code"]
    )
    assert ask["command"]["command"] == "backendExpert.ask" and "data" not in ask
    resolved = await session.request("codeAction/resolve", fix)
    name = {"uri": URI, "version": 1}
    assert resolved["edit"] == {"documentChanges": [{"textDocument": name, "edits": [EDIT]}]}


async def test_edits_come_at_once_where_they_cannot_be_asked_for(session: Session) -> None:
    fix, _ = await actions(session, clients.emacs())
    assert fix["edit"]["documentChanges"][0]["edits"] == [EDIT]


async def test_old_clients_get_commands(session: Session) -> None:
    fix, ask = await actions(session, clients.bare())
    assert fix == {
        "title": "Remove it",
        "command": "backendExpert.applyAction",
        "arguments": [f"{URI}|0|4", "Remove it"],
    }
    assert ask["command"] == "backendExpert.ask"


@pytest.mark.parametrize("data", [None, 7, {}, {"id": "ask"}, {"id": "file:///none|0|1"}])
async def test_an_action_that_is_not_ours_or_too_old(running: Session, data: object) -> None:
    action = {"title": "x", "kind": "quickfix", "data": data}
    try:
        resolved = await running.request("codeAction/resolve", action)
    except Exception as error:
        assert "-32603" in str(error)
    else:
        assert "edit" not in resolved


async def test_a_hover_in_the_clients_words(session: Session) -> None:
    await session.initialize(clients.bare())
    session.open(URI, "TODO\n", "fake")
    place = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}}
    answer = await session.request("textDocument/hover", place)
    assert answer["contents"]["kind"] == "plaintext"
