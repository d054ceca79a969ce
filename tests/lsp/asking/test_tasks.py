"""Each task through a model, for each client: text, progress, usage, and what was kept back."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from backend_expert.persona.task import tasks

from tests.lsp.asking.world import (
    NO_TIMEOUT,
    QUICK,
    RATE,
    SERVICE,
    TOKEN,
    World,
    edit,
    placeholder,
    proposes,
)
from tests.support.messages_api import answer, contains

MODEL = "claude-sonnet-5-5"


def says(body):
    return answer("It asks ", f"with `{placeholder(body)}`.", "\n\nThen it waits.\n", answered=40)


@pytest.mark.parametrize("task", tasks())
async def test_each_task_is_answered(here: World, task: str) -> None:
    uri = here.open()
    here.api.script(says, when=contains(f"# {tasks()[task].title}"))
    words = "Is it safe?" if task == "ask" else ""
    result = await here.ask(task, uri, SERVICE, words=words)
    assert result["text"].startswith(f"# {tasks()[task].title}\n\n`service.py`\n\n")
    assert f"It asks with `{TOKEN}`.\n\nThen it waits.\n" in result["text"]
    last = result["text"].rstrip().splitlines()[-1]
    assert MODEL in last and " tokens" in last and "about $" in last
    assert last.endswith("1 secret kept back*")
    (sent,) = here.api.messages()
    assert TOKEN.encode() not in sent.body and sent.answered
    assert "tools" in sent.json or task != "rewrite"
    bar = here.bar()
    assert bar[0]["kind"] == "begin" and bar[-1] == {"kind": "end", "message": "done"}
    assert any("tokens · $" in one.get("message", "") for one in bar)
    shown_by(here, result)


def shown_by(here: World, result: dict) -> None:
    if here.client == "own view":
        told = here.told["backendExpert/answer"]
        assert [told[0]["kind"], told[-1]["kind"]] == ["begin", "end"]
        assert {one["id"] for one in told} == {result["id"]}
        assert told[-1] == {"id": result["id"], "kind": "end", "outcome": "answered"}
        assert "".join(one["text"] for one in here.parts("text")) == result["text"]
        assert len(here.parts("text")) > 2, "it streams"
        used = here.parts("usage")[-1]
        assert used["model"] == MODEL and used["tokens"] > 40 and used["cost"] > 0
        assert "window/showDocument" not in here.told
    elif here.client == "virtual":
        assert here.told["window/showDocument"] == [{"uri": result["uri"], "takeFocus": False}]
    else:
        path = Path(unquote(urlsplit(result["uri"]).path))
        assert path.read_text("utf-8") == result["text"]


async def test_a_virtual_document_holds_the_answer(here: World) -> None:
    uri = here.open()
    here.api.script(says)
    result = await here.ask("explain", uri, SERVICE)
    if result["uri"].startswith("backend-expert:"):
        asked = {"uri": result["uri"]}
        content = await here.editor.session.request("workspace/textDocumentContent", asked)
        assert content == {"text": result["text"]}
        assert here.told["workspace/textDocumentContent/refresh"]


async def test_a_rewrite_is_made_after_a_yes_in_one_step(here: World) -> None:
    uri = here.open()
    here.api.script(
        lambda body: proposes(
            "It waits for ever.",
            edits=[
                edit(
                    SERVICE[SERVICE.index("    token =") : SERVICE.index("\n\n\n@app")] + "\n",
                    f'    secret = "{placeholder(body)}"\n' + QUICK.replace("token}", "secret}"),
                    [NO_TIMEOUT],
                )
            ],
        )
    )
    result = await here.ask("rewrite", uri)
    assert "It waits for ever." in result["text"] and "*Proved:" in result["text"]
    assert await here.applied(result) == 1
    after = here.editor.texts[uri]
    assert f'secret = "{TOKEN}"' in after and "timeout=5" in after
    assert here.editor.versions[uri] == 2, "one edit, so one step to undo"
    assert not await here.editor.findings(uri, NO_TIMEOUT)
    (asked,) = here.told["workspace/applyEdit"]
    if here.client == "neovim":
        assert list(asked["edit"]) == ["changes"] and list(asked["edit"]["changes"]) == [uri]
    else:
        (change,) = asked["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": uri, "version": 1}
    if here.client == "virtual":
        notes = {one["annotationId"] for one in change["edits"]}
        assert len(notes) == 1 and notes == set(asked["edit"]["changeAnnotations"])
    if here.client == "own view":
        (proposal,) = here.parts("proposal")
        assert proposal["proposal"]["after"] == after
        assert proposal["proposal"]["reason"] == f"mends {NO_TIMEOUT}"


async def test_a_no_makes_no_edit(here: World) -> None:
    uri = here.open()
    here.api.script(proposes("So.", edits=[edit(RATE, QUICK)]))
    here.consents(applies="Not now")
    here.editor.session.answers["workspace/applyEdit"] = lambda params: {"applied": False}
    result = await here.ask("rewrite", uri)
    assert result["applied"] == 0 and here.editor.texts[uri] == SERVICE


async def test_the_light_bulb_marks_what_a_model_answers(here: World) -> None:
    uri = here.open()
    range = here.editor.range(uri, RATE)
    actions = await here.editor.actions(uri, range, "refactor.rewrite.backendExpert")
    asking = [one for one in actions if one["title"].startswith("Ask backend expert")]
    assert asking
    assert all((one.get("tags") == [1]) is (here.client != "neovim") for one in asking)
