"""What is sent, on the bytes: no file that may not leave, no secret, the same prefix again."""

import asyncio
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from backend_expert.lsp.client import Failed

from tests.lsp.asking.world import (
    KEY,
    QUICK,
    RATE,
    SERVICE,
    TOKEN,
    World,
    edit,
    placeholder,
    proposes,
    texts,
    world,
)
from tests.support.messages_api import MessagesApi, answer, breaks, fails, holds
from tests.support.messages_api.record import Recorded


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (".env.py", "a file of that name may hold secrets"),
        ("private/billing.py", ".gitignore"),
        ("internal.py", ".backendexpertignore"),
    ],
)
async def test_code_of_a_file_that_may_not_leave_is_refused(
    here: World, name: str, why: str
) -> None:
    (here.folder / ".gitignore").write_text("private/\n")
    (here.folder / ".backendexpertignore").write_text("internal.py\n")
    uri = here.open(name=name)
    result = await here.ask("explain", uri)
    said = next(line for line in result["text"].splitlines() if line.startswith("> "))
    assert said.startswith("> Nothing was sent: ") and name in said and "may not leave" in said
    assert "What the code itself tells:" in result["text"]
    assert "nothing left this machine" in result["text"]
    assert here.api.requests == []


async def test_what_would_be_sent_is_what_is_sent(there: World) -> None:
    uri = there.open()
    argument = {"uri": uri, "task": "rewrite", "range": there.editor.range(uri, RATE)}
    shown = await there.command("showWouldSend", **argument)
    assert there.api.requests == [] and TOKEN not in shown["text"]
    there.api.script(answer("So."))
    await there.ask("rewrite", uri)
    (sent,) = there.api.messages()
    for block in [*sent.json["system"], *sent.json["messages"][0]["content"]]:
        for line in block["text"].splitlines():
            assert without_nonce(line) in without_nonce(shown["text"]), line
    was = await there.command("showSent")
    assert "service.py" in was["text"] and TOKEN not in was["text"]


def without_nonce(text: str) -> str:
    return re.sub(r"(BACKEND_EXPERT_SECRET_\d+_)\w{4}", r"\1", text)


async def test_a_request_is_marked_for_the_cache_and_holds_no_secret(here: World) -> None:
    uri = here.open()
    here.api.script(answer("So."))
    await here.ask("rewrite", uri, SERVICE)
    (sent,) = here.api.messages()
    body = sent.json
    assert "cache_control" in body["system"][-1]
    assert 2 <= sent.body.count(b'"cache_control"') <= 4
    assert TOKEN.encode() not in sent.body and KEY.encode() not in sent.body
    assert placeholder(body) in texts(sent)
    assert KEY in repr(sent.headers), "the key is in the head alone"


async def test_a_follow_up_repeats_what_stands_before_it_to_the_byte(here: World) -> None:
    uri = here.open()
    here.api.script(lambda body: answer(f"It is `{placeholder(body)}`."))
    here.api.script(answer("Because."), times=2)
    first = await here.ask("explain", uri, SERVICE)
    for number, words in enumerate(("Why\nso?", "And then?"), 2):
        result = await here.command("followUp", id=first["id"], words=words)
        assert result["id"] == first["id"]
        assert f"> {' '.join(words.split())}\n\nBecause." in result["text"]
        assert len(here.api.messages()) == number
    requests = here.api.messages()
    for before, after in pairwise(requests):
        for same in ("tools", "system"):
            assert raw(after, same) == raw(before, same)
        said = raw(before, "messages").removesuffix(b"]")
        assert len(said) > 1_000 and raw(after, "messages").startswith(said + b",")
        assert after.body.count(b'"cache_control"') <= 4
        assert TOKEN.encode() not in after.body
        cached = "cache_read_input_tokens"
        assert cached in after.sent.decode()
    assert "of them cached" in result["text"], "the provider found it in its cache"


def raw(sent: Recorded, name: str) -> bytes:
    """The bytes of a member of a request, without the cache's marks, which move on."""
    body = sent.body.decode()
    at = body.find(f'"{name}":')
    if at < 0:
        return b""
    start = at + len(name) + 3
    end = json.JSONDecoder().raw_decode(body, start)[1]
    return re.sub(r',"cache_control":\{[^}]*\}', "", body[start:end]).encode()


async def test_asking_on_before_the_answer_has_ended_is_refused(there: World) -> None:
    uri = there.open()
    there.api.script(answer("It", holds()))
    pending = there.asked("explain", uri)[1]
    begun = (await there.editor.session.until(lambda: there.parts("begin")))[0]
    with pytest.raises(Failed, match="is being answered"):
        await there.command("followUp", id=begun["id"], words="Why?")
    assert await there.command("stop", id=begun["id"]) == 1
    with pytest.raises(Failed, match="-32800"):
        await pending


async def test_asking_on_after_nothing_was_sent_sends_the_question(there: World) -> None:
    (there.folder / ".gitignore").write_text("")
    uri = there.open()
    there.api.script(fails(529, headers={"x-should-retry": "false"}))
    there.api.script(answer("Because."))
    first = await there.ask("explain", uri)
    result = await there.command("followUp", id=first["id"], words="Why is it so?")
    assert "Because." in result["text"]
    assert "Why is it so?" in texts(there.api.messages()[-1])


async def test_an_answer_made_anew_is_about_the_same_code_where_it_stands_now(
    here: World,
) -> None:
    uri = here.open()
    here.api.script(answer("So."), times=2)
    first = await here.ask("explain", uri)
    here.editor.rewrite(uri, "import logging\nimport sys\n" + SERVICE)
    result = await here.command("regenerate", id=first["id"])
    assert result["id"] != first["id"]
    assert "`service.py`, line 17\n" in result["text"]
    assert "requests.get(" in texts(here.api.messages()[1])


# -- the key --------------------------------------------------------------------------------------


async def test_the_key_is_nowhere_but_in_the_request(base: Path) -> None:
    """With debug logs, traces, texts in the audit log, failures that repeat it, and its history."""
    own = "[gate]\naudit-text = true\n"
    with MessagesApi(keys=(KEY,)) as api:
        options = {"model": {"api-key": KEY}, "trace": "verbose"}
        async with world("own view", base, api, own=own, options=options) as here:
            here.editor.session.notify("$/setTrace", {"value": "verbose"})
            uri = here.open()
            api.script(lambda body: proposes(placeholder(body), edits=[edit(RATE, QUICK)]))
            api.script(fails(400, f"the key {KEY} is not liked"))
            api.script(fails(401, f"invalid x-api-key: {KEY}"))
            api.script(answer("a", breaks("api_error", f"broken: {KEY}")))
            api.script(answer(f"Your key is {KEY}."))
            results = [await here.ask("rewrite", uri, SERVICE) for _ in range(5)]
            assert TOKEN in results[0]["text"]
            results.append(await here.command("showSent"))
            results.append(await here.command("history"))
            here.results += results[:4] + results[5:]
            with pytest.raises(Failed) as failed:
                await here.ask("sing", uri)
            here.results.append(str(failed.value))
            assert all(KEY in repr(sent.headers) for sent in api.requests)
            assert "$/logTrace" in here.told
            assert await here.editor.session.shutdown() == 0
        audit = (base / "home" / "state" / "backend-expert" / "audit.jsonl").read_text()
        entries = [json.loads(line) for line in audit.splitlines() if line]
        assert [e["outcome"] for e in entries] == [
            "answered", "bad request", "bad key", "server", "answered",
        ]  # fmt: skip
        assert TOKEN not in audit and all("sent_text" in e for e in entries)
        told = list(here.everything())
        assert any("history" in where for where, _ in told)
        last = results[4]["text"]  # that the model itself knows the key is its own doing
        for where, text in told:
            text = text.replace(f"Your key is {KEY}", "")
            assert KEY not in text, where
        assert last


# -- consent --------------------------------------------------------------------------------------


@pytest.mark.parametrize("choice", ["Never here", None])
async def test_nothing_is_sent_without_a_yes(base: Path, choice: str | None) -> None:
    with MessagesApi() as api:
        async with world("neovim", base, api) as here:
            here.consents(choice)
            uri = here.open()
            result = await here.ask("explain", uri)
            assert "> Nothing was sent, because" in result["text"]
            assert "What the code itself tells:" in result["text"]
            assert api.requests == []
            await here.ask("explain", uri)
            asked = len(here.told["window/showMessageRequest"])
            assert asked == (1 if choice else 2), "a no is kept, silence is no answer"
            assert api.requests == []
            here.consents()
            if choice is None:
                api.script(answer("So."))
                result = await here.command("followUp", id=result["id"], words="Why?")
                assert "So." in result["text"] and "Why?" in texts(api.messages()[0])


async def test_of_two_questions_at_once_one_asks_for_consent(base: Path) -> None:
    with MessagesApi() as api:
        async with world("neovim", base, api) as here:
            uri = here.open()
            api.script(answer("It asks."), times=2)
            answers = [here.asked(task, uri)[1] for task in ("explain", "review")]
            results = await asyncio.gather(*answers)
            assert all("It asks." in result["text"] for result in results)
            (asked,) = here.told["window/showMessageRequest"]
            assert f"anthropic at 127.0.0.1:{api.port} (claude-sonnet-5-5)" in asked["message"]
