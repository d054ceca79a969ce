"""Asking the expert end to end: streamed answers, proposed edits, cancelling."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.request import url2pathname

import pytest
import pytest_asyncio
from backend_expert.lsp.client import ANSWERS, Failed, Session

from tests.lsp.conftest import COMMAND
from tests.support import clients

URI = "file:///a/b.fake"
RANGE = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 4}}
PARTS = tuple(f"part {number} of explain\n\n" for number in range(3))
LAST = PARTS[-1]
WHOLE = "".join(PARTS)
OWN = {"experimental": {"backendExpert": {"answers": True}}}


def asking(**more: object) -> dict:
    request = {"uri": URI, "task": "explain", "range": RANGE, **more}
    return {"command": "backendExpert.ask", "arguments": [request]}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def modern() -> AsyncIterator[Session]:
    async with Session.start(COMMAND, stderr=asyncio.subprocess.DEVNULL) as session:
        await session.initialize(clients.virtual())
        yield session
        assert await session.shutdown() == 0


@pytest.fixture
def virtual(modern: Session) -> Iterator[Session]:
    """A shared session with an editor that can all there is, the file open."""
    modern.told.clear()
    modern.answers = dict(ANSWERS)
    modern.open(URI, "TODO\n", "fake")
    yield modern
    modern.notify("textDocument/didClose", {"textDocument": {"uri": URI}})


async def started(session: Session, capabilities: dict) -> None:
    await session.initialize(capabilities)
    session.open(URI, "TODO\n", "fake")


async def test_the_answer_grows_in_a_virtual_document(virtual: Session) -> None:
    result = await virtual.request("workspace/executeCommand", asking())
    assert result["text"] == WHOLE
    shown = virtual.told["window/showDocument"]
    assert [params["uri"] for params in shown] == [result["uri"]]
    await virtual.until(lambda: virtual.told["workspace/textDocumentContent/refresh"])
    content = await virtual.request("workspace/textDocumentContent", {"uri": result["uri"]})
    assert content == {"text": WHOLE}
    with pytest.raises(Failed, match="no answer"):
        await virtual.request("workspace/textDocumentContent", {"uri": "backend-expert:/x"})


async def test_the_answer_is_a_file_where_there_are_no_virtual_documents(session: Session) -> None:
    capabilities = clients.vscode()
    capabilities["window"]["showDocument"] = {"support": True}
    await started(session, capabilities)
    result = await session.request("workspace/executeCommand", asking())
    path = Path(url2pathname(result["uri"].removeprefix("file://")))
    assert path.read_text() == WHOLE
    assert session.told["window/showDocument"][0]["uri"] == result["uri"]


async def test_a_client_that_shows_no_documents_is_told_where_it_is(session: Session) -> None:
    await started(session, clients.bare())
    result = await session.request("workspace/executeCommand", asking())
    assert result["uri"] in session.told["window/showMessage"][-1]["message"]


async def test_progress_under_the_clients_token_and_under_ours(virtual: Session) -> None:
    await virtual.request("workspace/executeCommand", {**asking(), "workDoneToken": "mine"})
    kinds = [p["value"]["kind"] for p in virtual.told["$/progress"] if p["token"] == "mine"]
    assert kinds == ["begin", "report", "report", "report", "end"]
    assert "window/workDoneProgress/create" not in virtual.told
    await virtual.request("workspace/executeCommand", asking())
    token = virtual.told["window/workDoneProgress/create"][0]["token"]
    assert virtual.told["$/progress"][-1] == {
        "token": token,
        "value": {"kind": "end", "message": "done"},
    }


async def test_a_client_that_shows_answers_itself_is_told_how_each_ends(session: Session) -> None:
    await started(session, clients.extended(clients.bare(), OWN))
    await session.request("workspace/executeCommand", asking())
    with pytest.raises(Failed, match="on purpose"):
        await session.request("workspace/executeCommand", asking(words="break"))
    name, answer = session.ask("workspace/executeCommand", asking(words="wait"))
    await session.until(lambda: session.told["backendExpert/answer"][-1].get("text") == LAST)
    session.notify("$/cancelRequest", {"id": name})
    with pytest.raises(Failed, match="-32800"):
        await answer
    told = session.told["backendExpert/answer"]
    assert [part["text"] for part in told if part["kind"] == "text"] == 3 * [*PARTS]
    ends = [part for part in told if part["kind"] == "end"]
    assert [end["outcome"] for end in ends] == ["answered", "failed", "cancelled"]
    assert "ZeroDivisionError" in ends[1]["text"]


@pytest.mark.parametrize("way", ["request", "bar"])
async def test_cancelling_stops_the_work(virtual: Session, way: str) -> None:
    params = {**asking(words="wait"), "workDoneToken": "mine"}
    name, answer = virtual.ask("workspace/executeCommand", params)
    await virtual.until(lambda: len(virtual.told["$/progress"]) >= 4)
    if way == "request":
        virtual.notify("$/cancelRequest", {"id": name})
    else:
        virtual.notify("window/workDoneProgress/cancel", {"token": "mine"})
    with pytest.raises(Failed, match="-32800"):
        await asyncio.wait_for(answer, 10)
    assert virtual.told["$/progress"][-1]["value"] == {"kind": "end", "message": "cancelled"}
    virtual.notify("window/workDoneProgress/cancel", {"token": "unknown"})


async def test_a_proposal_wants_a_yes_for_the_version_it_was_made_for(virtual: Session) -> None:
    result = await virtual.request("workspace/executeCommand", asking(words="rewrite"))
    assert result["applied"] == 1
    edit = virtual.told["workspace/applyEdit"][0]["edit"]
    change = edit["documentChanges"][0]
    assert change["textDocument"] == {"uri": URI, "version": 1}
    assert change["edits"][0]["newText"] == "better"
    assert change["edits"][0]["range"] == RANGE
    annotation = edit["changeAnnotations"][change["edits"][0]["annotationId"]]
    assert annotation == {"label": "Make it better", "needsConfirmation": True}


async def test_a_proposal_for_a_text_that_has_changed_is_not_made(virtual: Session) -> None:

    def typing(params: object) -> None:
        virtual.type_in(URI, 2, 0, 0, "y")

    virtual.answers["workspace/textDocumentContent/refresh"] = typing
    _, answer = virtual.ask("workspace/executeCommand", asking(words="rewrite"))
    assert (await answer)["applied"] == 0
    assert "workspace/applyEdit" not in virtual.told
    assert "has changed" in virtual.told["window/showMessage"][0]["message"]


async def test_a_refused_or_impossible_edit_is_not_counted(virtual: Session) -> None:
    virtual.answers["workspace/applyEdit"] = lambda params: {
        "applied": False,
        "failureReason": "no",
    }
    assert (await virtual.request("workspace/executeCommand", asking(words="rewrite")))[
        "applied"
    ] == 0


async def test_plain_edits_for_a_client_without_versions(session: Session) -> None:
    await started(session, {"workspace": {"applyEdit": True}})
    action = {"command": "backendExpert.applyAction", "arguments": [f"{URI}|0|4", "Remove it"]}
    assert await session.request("workspace/executeCommand", action) is True
    told = session.told["workspace/applyEdit"][0]
    assert told == {
        "label": "Remove it",
        "edit": {"changes": {URI: [{"range": RANGE, "newText": "done"}]}},
    }


WRONG = [[], None, [{}], [{"uri": "file:///no", "task": "x"}], ["x"]]


async def test_wrong_arguments(session: Session) -> None:
    await started(session, clients.vscode())
    for command in ("backendExpert.ask", "backendExpert.applyAction"):
        for arguments in WRONG:
            params = {"command": command, "arguments": arguments}
            with pytest.raises(Failed, match="-32602"):
                await session.request("workspace/executeCommand", params)
