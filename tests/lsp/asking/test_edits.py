"""Edits that do not hold: refused with the reason, sent back once, and shown as text if need be."""

import pytest

from tests.lsp.asking.world import (
    INJECTED,
    NO_TIMEOUT,
    QUERY,
    QUICK,
    RATE,
    SERVICE,
    World,
    edit,
    proposes,
    texts,
)
from tests.support.messages_api import answer, breaks, calls

TOTAL = "    return one + other\n"
BROKEN = {
    "syntax": (RATE, [edit(RATE, RATE.replace(").json()", ".json("))], "does not parse"),
    "another file": (
        RATE,
        [edit(RATE, QUICK, file="../other/settings.py")],
        "it edits ../other/settings.py; only service.py may be edited here",
    ),
    "another function": (
        RATE,
        [edit(RATE, QUICK), edit(TOTAL, "    return one - other\n")],
        "it edits line 25, which lies outside of what was asked about",
    ),
    "injection": (
        QUERY,
        [edit(QUERY, INJECTED)],
        "it brings a new finding of security/sql-injection",
    ),
    "an empty claim": (
        RATE,
        [edit(RATE, RATE.replace("rates.example", "rate.example"), [NO_TIMEOUT])],
        f"it says that it mends {NO_TIMEOUT}, but the finding is still there",
    ),
    "another text": (
        RATE,
        [edit(RATE, QUICK) | {"old": "    return get()\n"}],
        "its old text does not stand in the file",
    ),
}
GOOD = {RATE: [edit(RATE, QUICK)], QUERY: [edit(QUERY, QUERY.replace("id FROM", "id  FROM"))]}


@pytest.mark.parametrize("why", BROKEN)
async def test_an_edit_that_does_not_hold_is_sent_back_and_mended(here: World, why: str) -> None:
    place, edits, reason = BROKEN[why]
    uri = here.open()
    here.api.script(proposes("First.", edits=edits))
    here.api.script(proposes("Second.", edits=GOOD[place]))
    result = await here.ask("rewrite", uri, place)
    first, second = here.api.messages()
    assert reason in texts(second) and reason not in texts(first)
    assert "*The first draft did not hold, so it went back once.*\n\nSecond." in result["text"]
    assert "*Proved:" in result["text"] and "did not hold:" not in result["text"]
    assert await here.applied(result) == 1
    assert here.editor.texts[uri] == SERVICE.replace(place, GOOD[place][0]["new"])


@pytest.mark.parametrize("why", BROKEN)
async def test_an_edit_that_never_holds_is_shown_as_text_with_the_reason(
    here: World, why: str
) -> None:
    place, edits, reason = BROKEN[why]
    uri = here.open()
    here.api.script(proposes("Like this.", edits=edits), times=2)
    result = await here.ask("rewrite", uri, place)
    assert len(here.api.messages()) == 2, "it goes back once and no more"
    assert "This edit is not proposed, because it did not hold:\n\n- " in result["text"]
    assert reason in result["text"] and "*Proved:" not in result["text"]
    assert "workspace/applyEdit" not in here.told and not here.parts("proposal")
    assert await here.applied(result) == 0 and here.editor.texts[uri] == SERVICE


@pytest.mark.parametrize("json", ['{"title": "Wait", "edits": [{"file": "serv', "[]", "nonsense"])
async def test_edits_whose_json_is_cut_are_sent_back(there: World, json: str) -> None:
    uri = there.open()
    there.api.script(answer("First.", calls("propose_edits", json), stop="tool_use"))
    there.api.script(answer("No more.", stop="end_turn"))
    result = await there.ask("rewrite", uri)
    assert "the edits are not" in texts(there.api.messages()[1])
    assert "the edits are not" in result["text"] and not there.parts("proposal")


async def test_a_second_try_that_fails_says_why(there: World) -> None:
    uri = there.open()
    there.api.script(proposes("First.", edits=BROKEN["syntax"][1]))
    there.api.script(answer(breaks("overloaded_error")))
    result = await there.ask("rewrite", uri)
    assert "> The provider has too much to do right now" in result["text"]
    assert "- the edited text does not parse" in result["text"] and not there.parts("proposal")


# -- the text changes meanwhile -------------------------------------------------------------------


async def meanwhile(here: World, uri: str, change: str | None) -> dict:
    """A rewrite, the buffer given another text (or closed) once the model has been asked."""
    here.api.script(proposes("It waits.", edits=[edit(RATE, QUICK, [NO_TIMEOUT])]))
    answer = here.asked("rewrite", uri)[1]
    await here.sent()
    if change is None:
        here.editor.close(uri)
    else:
        here.editor.rewrite(uri, change)
    return await answer


async def test_lines_elsewhere_changed_meanwhile(here: World) -> None:
    uri = here.open()
    result = await meanwhile(here, uri, "# typed meanwhile\n" + SERVICE)
    assert await here.applied(result) == 1
    assert here.editor.texts[uri] == "# typed meanwhile\n" + SERVICE.replace(RATE, QUICK)
    (asked,) = here.told["workspace/applyEdit"]
    if here.client != "neovim":
        assert asked["edit"]["documentChanges"][0]["textDocument"]["version"] == 2
    if here.client == "own view":
        (told,) = here.parts("proposal")
        assert told["proposal"]["after"] == here.editor.texts[uri]
        assert told["proposal"]["edits"]["documentChanges"][0]["textDocument"]["version"] == 2


async def test_what_is_rebased_is_proved_again(here: World) -> None:
    uri = here.open()
    broken = SERVICE.replace("def total(one, other):", "def total(one, other:")
    result = await meanwhile(here, uri, broken)
    # The file does not parse any more by the person's own doing: the edit adds no fault of its own.
    assert await here.applied(result) == 1
    assert here.editor.texts[uri] == broken.replace(RATE, QUICK)


async def test_an_edit_whose_finding_is_gone_meanwhile_is_not_made(here: World) -> None:
    uri = here.open()
    mended = SERVICE.replace("import requests\n", "from ours import requests\n")
    result = await meanwhile(here, uri, mended)
    assert await here.applied(result) == 0 and here.editor.texts[uri] == mended


async def test_the_same_lines_changed_meanwhile(here: World) -> None:
    uri = here.open()
    changed = SERVICE.replace("rates.example", "rates.elsewhere")
    result = await meanwhile(here, uri, changed)
    assert await here.applied(result) == 0 and here.editor.texts[uri] == changed
    assert "workspace/applyEdit" not in here.told
    assert "has changed" in here.messages()[-1]


async def test_the_buffer_closed_meanwhile(here: World) -> None:
    uri = here.open()
    result = await meanwhile(here, uri, None)
    assert "timeout=5" in result["text"]
    assert await here.applied(result) == 0
    assert len([one for one in here.messages() if "not open any more" in one]) == 1


async def test_a_buffer_reopened_with_another_text_at_the_same_version(there: World) -> None:
    uri = there.open()
    there.api.script(proposes("It waits.", edits=[edit(RATE, QUICK)]))
    result = await there.ask("rewrite", uri)
    there.editor.close(uri)
    other = SERVICE.replace("rates.example", "rates.elsewhere")
    there.editor.open(uri, other)
    assert await there.applied(result) == 0
    assert there.editor.texts[uri] == other


async def test_a_proposal_waits_in_the_light_bulb_until_it_is_made(there: World) -> None:
    uri = there.open()
    there.api.script(proposes("It waits.", edits=[edit(RATE, QUICK)]))
    await there.ask("rewrite", uri)
    kind = "refactor.rewrite.backendExpert.apply"
    (pending,) = [
        one
        for one in await there.editor.actions(uri, there.editor.range(uri, RATE), kind)
        if one["title"].endswith("Wait 5 seconds")
    ][:1]
    params = {k: pending["command"][k] for k in ("command", "arguments")}
    assert await there.editor.session.request("workspace/executeCommand", params) is True
    assert there.editor.texts[uri] == SERVICE.replace(RATE, QUICK)
    again = there.editor.session.request("workspace/executeCommand", params)
    with pytest.raises(Exception, match="nothing was proposed"):
        await again
