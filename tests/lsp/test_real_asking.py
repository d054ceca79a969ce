"""Asking the real (offline) expert: each task, shown as each editor can, and edits that are proved."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import pytest_asyncio
from backend_expert.lsp.client import Failed

from tests.support.editor import SHOP, Editor

NOTIFY = SHOP / "api" / "shop" / "worker" / "notify.py"
YES = "window/showMessageRequest"
TASKS = {
    "explain": ("# Explain this code", "Hand a message over"),
    "notes": ("# Architecture notes", "Other services over HTTP"),
    "review": ("# Review this code", "no timeout: a stalled server holds this worker for ever"),
    "rewrite": ("# Rewrite this code", "**Wait at most 5 seconds**"),
    "tests": ("# Write tests", "def test_send"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["virtual", "neovim"])
async def editor(request: pytest.FixtureRequest) -> AsyncIterator[Editor]:
    async with Editor.start(request.param, SHOP) as started:
        yield started
        assert await started.session.shutdown() == 0


@pytest.fixture
def notify(editor: Editor):
    editor.session.told.clear()
    uri = editor.open_file(NOTIFY)
    editor.session.answers[YES] = lambda params: {"title": "Apply"}
    yield uri
    editor.session.answers["workspace/applyEdit"] = editor.asked_to_apply
    editor.session.answers["window/showDocument"] = lambda params: {"success": True}
    editor.session.silent.clear()
    editor.close(uri)


@pytest.mark.parametrize("task", TASKS)
async def test_each_task(editor: Editor, notify: str, task: str) -> None:
    title, words = TASKS[task]
    place = editor.range(notify, "requests.post(")
    result = await editor.ask(task, notify, place, workDoneToken="bar")
    assert result["text"].startswith(title) and words in result["text"]
    assert "nothing left this machine" in result["text"]
    (shown,) = editor.session.told["window/showDocument"]
    assert shown == {"uri": result["uri"], "takeFocus": False}
    if editor.name == "virtual":
        assert result["uri"].startswith("backend-expert:/answers/")
        content = await editor.session.request(
            "workspace/textDocumentContent", {"uri": result["uri"]}
        )
        assert content == {"text": result["text"]}
        await editor.session.until(
            lambda: editor.session.told["workspace/textDocumentContent/refresh"]
        )
    else:
        path = Path(unquote(urlsplit(result["uri"]).path))
        assert path.suffix == ".md" and path.read_text("utf-8") == result["text"]
    bar = [p["value"] for p in editor.session.told["$/progress"] if p["token"] == "bar"]
    assert [bar[0]["kind"], bar[-1]] == ["begin", {"kind": "end", "message": "done"}]
    assert len(bar) > 3 and all(part["kind"] == "report" for part in bar[1:-1])


async def test_a_rewrite_waits_for_a_yes(editor: Editor, notify: str) -> None:
    result = await editor.ask("rewrite", notify, editor.range(notify, "requests.post("))
    (asked,) = editor.session.told["workspace/applyEdit"]
    assert result["applied"] == 1
    if editor.name == "virtual":
        (change,) = asked["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": notify, "version": 1}
        (note,) = {edit["annotationId"] for edit in change["edits"]}
        assert asked["edit"]["changeAnnotations"][note]["needsConfirmation"] is True
    else:  # it knows neither versions nor annotations
        assert list(asked["edit"]) == ["changes"]
    assert "timeout=5" in editor.texts[notify]
    assert not await editor.findings(notify, "errors/http-call-no-timeout")


async def ask_while_typing(editor: Editor, uri: str, text: str) -> dict:
    """The answer to a rewrite, the buffer given another text before the edit is offered."""

    def typing(params: object) -> dict:
        editor.rewrite(uri, text)
        return {"success": True}

    # Between the question and the edit: while the answer is being opened, or a yes is waited for.
    asked = "window/showDocument" if editor.name == "virtual" else YES
    answer = editor.session.answers[asked]
    editor.session.answers[asked] = lambda params: (typing(params), answer(params))[1]
    return await editor.ask("rewrite", uri, editor.range(uri, "requests.post("))


async def test_a_rewrite_finds_its_place_when_other_lines_changed_meanwhile(
    editor: Editor, notify: str
) -> None:
    changed = "# typed meanwhile\n" + editor.texts[notify]
    result = await ask_while_typing(editor, notify, changed)
    assert result["applied"] == 1
    assert editor.texts[notify].startswith("# typed meanwhile\n")
    assert not await editor.findings(notify, "errors/http-call-no-timeout")


async def test_a_rewrite_of_lines_that_changed_meanwhile_is_not_made(
    editor: Editor, notify: str
) -> None:
    changed = editor.texts[notify].replace(
        "get_settings().service_key}", "get_settings().other_key}"
    )
    result = await ask_while_typing(editor, notify, changed)
    assert result["applied"] == 0
    assert editor.texts[notify] == changed
    assert "workspace/applyEdit" not in editor.session.told
    assert "has changed" in editor.session.told["window/showMessage"][-1]["message"]


async def test_an_edit_the_person_does_not_want(editor: Editor, notify: str) -> None:
    refusing = "workspace/applyEdit" if editor.name == "virtual" else YES
    editor.session.answers[refusing] = lambda params: {"applied": False, "title": "Not now"}
    result = await editor.ask("rewrite", notify, editor.range(notify, "requests.post("))
    assert result["applied"] == 0 and "**Wait at most 5 seconds**" in result["text"]


async def test_nothing_to_mend_is_no_edit(editor: Editor, notify: str) -> None:
    result = await editor.ask("rewrite", notify, editor.range(notify, "SUBJECTS = {"))
    assert result["applied"] == 0 and "the code stays as it is" in result["text"]
    assert "workspace/applyEdit" not in editor.session.told


@pytest.mark.parametrize("when", ["opening", "confirming"])
@pytest.mark.parametrize("way", ["bar", "request"])
async def test_cancelling_in_mid_answer(editor: Editor, notify: str, when: str, way: str) -> None:
    confirming = "workspace/applyEdit" if editor.name == "virtual" else YES
    asked = "window/showDocument" if when == "opening" else confirming
    editor.session.silent.add(asked)
    request = {"uri": notify, "task": "rewrite", "range": editor.range(notify, "requests.post(")}
    params = {"command": "backendExpert.ask", "arguments": [request], "workDoneToken": "bar"}
    name, answer = editor.session.ask("workspace/executeCommand", params)
    await editor.session.until(lambda: editor.session.told[asked])
    if way == "bar":
        editor.session.notify("window/workDoneProgress/cancel", {"token": "bar"})
    else:
        editor.session.notify("$/cancelRequest", {"id": name})
    with pytest.raises(Failed, match="-32800"):
        await asyncio.wait_for(answer, 10)
    ends = [p["value"] for p in editor.session.told["$/progress"] if p["value"]["kind"] == "end"]
    assert ends == [{"kind": "end", "message": "cancelled"}]
    assert "timeout=5" not in editor.texts[notify]
    assert await editor.findings(notify, "errors/http-call-no-timeout")


async def test_typing_during_an_answer_disturbs_neither(editor: Editor, notify: str) -> None:
    answers = []
    for number in range(5):
        request = {"uri": notify, "task": "review"}
        params = {"command": "backendExpert.ask", "arguments": [request]}
        answers.append(editor.session.ask("workspace/executeCommand", params)[1])
        editor.rewrite(notify, f"VERSION_{number} = {number}\n" + editor.texts[notify])
        assert await editor.findings(notify, "errors/http-call-no-timeout")
    for result in await asyncio.gather(*answers):
        assert "no timeout" in result["text"]


async def test_an_unknown_task_and_a_closed_file(editor: Editor, notify: str) -> None:
    with pytest.raises(Failed, match=r"-32602.*There is no task called “sing”"):
        await editor.ask("sing", notify)
    with pytest.raises(Failed, match=r"-32602.*is not open"):
        await editor.ask("explain", "file:///not/open.py")
