"""Diagnostics end to end: pulled with result ids, pushed once after a burst, for the workspace."""

import asyncio
import contextlib

import pytest
from backend_expert.lsp.client import Failed, Session

from tests.support import clients

URI = "file:///a/b.fake"
TEXT = "def f():\n    TODO\ndef g():\n    é😀 TODO\n"


def lines(items: list[dict]) -> list[tuple[int, int]]:
    return [(i["range"]["start"]["line"], i["range"]["start"]["character"]) for i in items]


async def test_pulled(running: Session) -> None:
    running.open(URI, TEXT, "fake")
    report = await running.pull(URI)
    assert report["kind"] == "full"
    assert lines(report["items"]) == [(1, 4), (3, 8)]
    assert report["items"][0]["codeDescription"] == {"href": "https://example.org/todo"}
    assert report["items"][0]["tags"] == [1]
    assert "textDocument/publishDiagnostics" not in running.told


async def test_the_same_findings_are_reported_as_unchanged(running: Session) -> None:
    running.open(URI, TEXT, "fake")
    first = await running.pull(URI)
    again = await running.pull(URI, first["resultId"])
    assert again == {"kind": "unchanged", "resultId": first["resultId"]}
    running.type_in(URI, 2, 4, 0, "# a new line at the end\n")
    assert (await running.pull(URI, first["resultId"]))["kind"] == "unchanged"
    running.type_in(URI, 3, 0, 0, "\n")
    moved = await running.pull(URI, first["resultId"])
    assert lines(moved["items"]) == [(2, 4), (4, 8)]
    assert moved["resultId"] != first["resultId"]


@pytest.mark.parametrize(("name", "column"), [("vscode", 8), ("neovim", 11), ("emacs", 7)])
async def test_columns_in_the_clients_own_encoding(
    session: Session, name: str, column: int
) -> None:
    await session.initialize(clients.ALL[name]())
    session.open(URI, TEXT, "fake")
    if name == "emacs":
        items = await session.pushed(URI, 1)
    else:
        items = (await session.pull(URI))["items"]
    assert lines(items)[1] == (3, column)
    # Typing behind the finding, at a place counted in the same encoding.
    session.type_in(URI, 2, 3, column + 4, " TODO")
    items = await (session.pushed(URI, 2) if name == "emacs" else session.pull(URI))
    items = items if isinstance(items, list) else items["items"]
    assert lines(items)[2] == (3, column + 5)


async def test_pushed_once_after_a_burst(session: Session) -> None:
    await session.initialize(clients.emacs())
    session.open(URI, TEXT, "fake")
    assert lines(await session.pushed(URI, 1)) == [(1, 4), (3, 7)]
    for version in range(2, 32):
        session.type_in(URI, version, 0, 0, "\n")
    assert lines(await session.pushed(URI, 31)) == [(31, 4), (33, 7)]
    pushes = session.told["textDocument/publishDiagnostics"]
    assert len(pushes) < 10
    session.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    await session.until(lambda: pushes[-1]["diagnostics"] == [])


async def test_of_a_burst_of_pulls_the_last_is_answered(running: Session) -> None:
    running.open(URI, TEXT, "fake")
    answers = []
    for version in range(2, 32):
        running.type_in(URI, version, 0, 0, "\n")
        answers.append(running.ask("textDocument/diagnostic", {"textDocument": {"uri": URI}})[1])
    results = await asyncio.gather(*answers, return_exceptions=True)
    assert lines(results[-1]["items"]) == [(31, 4), (33, 8)]
    refused = [result for result in results if isinstance(result, Failed)]
    assert all(error.code == -32802 for error in refused)
    assert all(error.data == {"retriggerRequest": False} for error in refused)


async def test_whole_texts_and_several_changes_at_once(running: Session) -> None:
    running.open(URI, TEXT, "fake")
    running.change(URI, 2, {"text": "x\n" + TEXT})
    assert lines((await running.pull(URI))["items"]) == [(2, 4), (4, 8)]

    def at(line: int, start: int, end: int) -> dict:
        return {
            "start": {"line": line, "character": start},
            "end": {"line": line, "character": end},
        }

    running.change(
        URI, 3, {"range": at(0, 0, 1), "text": "\n\n"}, {"range": at(4, 4, 8), "text": "y"}
    )
    assert lines((await running.pull(URI))["items"]) == [(6, 8)]


async def test_a_check_that_raises_is_told_once_and_the_rest_goes_on(running: Session) -> None:
    running.open(URI, TEXT + "BOOM\n", "fake")
    running.open(URI + "2", TEXT, "fake")
    assert (await running.pull(URI))["items"] == []
    running.type_in(URI, 2, 0, 0, "\n")
    assert (await running.pull(URI))["items"] == []
    assert len((await running.pull(URI + "2"))["items"]) == 2
    shown = running.told["window/showMessage"]
    assert len(shown) == 1
    assert "BOOM" in shown[0]["message"]


async def test_a_closed_or_unknown_file_has_none(running: Session) -> None:
    running.open(URI, TEXT, "fake")
    running.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    assert (await running.pull(URI))["items"] == []
    assert (await running.pull("untitled:none"))["items"] == []


async def test_an_unsaved_buffer_is_checked(running: Session) -> None:
    running.open("untitled:Untitled-1", TEXT, "fake")
    assert len((await running.pull("untitled:Untitled-1"))["items"]) == 2


async def test_the_workspace_in_parts(running: Session) -> None:
    for number in range(45):
        running.open(f"{URI}{number}", TEXT, "fake")
    params = {"previousResultIds": [], "partialResultToken": "part"}
    last = await running.request("workspace/diagnostic", params)
    parts = [p["value"]["items"] for p in running.told["$/progress"] if p["token"] == "part"]
    items = [item for part in parts for item in part] + last["items"]
    assert len(parts) >= 2 and max(map(len, parts)) <= 20
    assert {item["uri"] for item in items} == {f"{URI}{number}" for number in range(45)}
    assert all(item["kind"] == "full" and len(item["items"]) == 2 for item in items)
    known = [{"uri": item["uri"], "value": item["resultId"]} for item in items]
    again = await running.request("workspace/diagnostic", {"previousResultIds": known})
    assert all(item["kind"] == "unchanged" for item in again["items"])


async def test_watched_files_and_settings_have_all_looked_at_again(session: Session) -> None:
    settings = {"ignore": ["a"]}
    session.answers["workspace/configuration"] = lambda params: [settings for _ in params["items"]]
    await session.initialize(clients.vscode(), ["file:///a"])
    await session.until(lambda: session.told["workspace/diagnostic/refresh"])
    await session.until(lambda: session.told["client/registerCapability"])
    session.told.clear()
    session.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": URI, "type": 2}]})
    await session.until(lambda: session.told["workspace/diagnostic/refresh"])
    session.told.clear()
    session.open("file:///a/open.py", "x\n")
    changes = [{"uri": "file:///a/open.py", "type": 2}]
    session.notify("workspace/didChangeWatchedFiles", {"changes": changes})
    await session.pull("file:///a/open.py")
    assert "workspace/diagnostic/refresh" not in session.told
    for uri, kind in (("file:///a/closed.py", 2), ("file:///a/open.py", 3)):
        session.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": kind}]})
        await session.until(lambda: session.told["workspace/diagnostic/refresh"])
        session.told.clear()
    folders = {"added": [{"uri": "file:///c", "name": "c"}], "removed": []}
    session.notify("workspace/didChangeWorkspaceFolders", {"event": folders})
    await session.until(lambda: session.told["workspace/diagnostic/refresh"])
    settings["ignore"] = ["b"]
    session.told.clear()
    session.notify("workspace/didChangeConfiguration", {"settings": None})
    await session.until(lambda: session.told["workspace/diagnostic/refresh"])
    asked = session.told["workspace/configuration"][-1]["items"]
    assert [item.get("scopeUri") for item in asked] == [None, "file:///a", "file:///c"]


async def test_pushed_settings_count_where_none_can_be_asked_for(session: Session) -> None:
    await session.initialize(clients.bare())
    session.open(URI, TEXT, "fake")
    await session.pushed(URI, 1)
    session.told.clear()
    session.notify("workspace/didChangeConfiguration", {"settings": {"backendExpert": {"x": 1}}})
    with contextlib.suppress(TimeoutError):
        await session.pushed(URI, 1, 5)
    assert session.told["textDocument/publishDiagnostics"]
