"""The real server's diagnostics: a pulling client, one that counts bytes, and one that is pushed to."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import pytest_asyncio

from tests.support.editor import SHOP, Editor

PRODUCTS = SHOP / "api" / "shop" / "routers" / "products.py"
PARAMETER = "q: Annotated[str, Query(min_length=2, max_length=80)]"
INJECTED = 'import sqlite3\n\n\ndef find(db: sqlite3.Connection, é):\n    """😀"""\n'


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["vscode", "neovim", "emacs"])
async def editor(request: pytest.FixtureRequest) -> AsyncIterator[Editor]:
    async with Editor.start(request.param, SHOP) as started:
        yield started
        assert await started.session.shutdown() == 0
        assert "window/showMessage" not in started.session.told


async def test_a_finding_of_the_shop_as_a_whole(editor: Editor) -> None:
    uri = editor.open_file(PRODUCTS)
    (found,) = await editor.findings(uri, "security/sql-injection")
    assert found["range"] == editor.range(uri, "{q}")
    assert (found["severity"], found["source"]) == (1, "backend-expert")
    message = "untrusted parameter `q` spliced into this SELECT"
    why = "untrusted parameter `q` comes in here"
    place = {"uri": uri, "range": editor.range(uri, PARAMETER)}
    if editor.name == "emacs":  # it shows no more than a message
        assert found["message"] == f"{message}\n{why}"
        assert {"relatedInformation", "codeDescription", "data"}.isdisjoint(found)
    else:
        assert found["message"] == message
        assert found["relatedInformation"] == [{"location": place, "message": why}]
        assert found["data"] == {"fixable": True}
    assert ("codeDescription" in found) == (editor.name == "vscode")
    if editor.name == "vscode":
        page = Path(unquote(urlsplit(found["codeDescription"]["href"]).path))
        assert page.read_text("utf-8").startswith("# ")
    editor.close(uri)


async def test_evidence_in_another_file(editor: Editor) -> None:
    uri = editor.open_file(PRODUCTS)
    (found,) = await editor.findings(uri, "security/unsafe-deserialization")
    if editor.name == "emacs":
        assert found["message"].endswith("\nreaches `pickle.loads` here")
        editor.close(uri)
        return
    here, there = found["relatedInformation"]
    assert here["location"]["uri"] == uri
    paging = PRODUCTS.parents[1] / "paging.py"
    assert there["location"]["uri"] == paging.as_uri()
    at = there["location"]["range"]
    line = paging.read_text("utf-8").split("\n")[at["start"]["line"]]
    assert "pickle.loads" in line[: at["end"]["character"]]
    assert at["start"]["line"] == at["end"]["line"] and at["start"] != at["end"]
    editor.close(uri)


async def test_ids_and_unchanged(editor: Editor) -> None:
    uri = editor.open_file(PRODUCTS)
    if not editor.pulls:
        await editor.findings(uri)
        pushes = editor.session.told["textDocument/publishDiagnostics"]
        editor.close(uri)
        await editor.session.until(lambda: pushes[-1] == {"uri": uri, "diagnostics": []})
        return
    first = await editor.session.pull(uri)
    same = {"kind": "unchanged", "resultId": first["resultId"]}
    assert await editor.session.pull(uri, first["resultId"]) == same
    editor.rewrite(uri, editor.texts[uri] + "# the end\n")
    assert await editor.session.pull(uri, first["resultId"]) == same
    editor.rewrite(uri, editor.texts[uri].replace("'{q}'", "''"))
    changed = await editor.session.pull(uri, first["resultId"])
    assert (changed["kind"], len(changed["items"])) == ("full", len(first["items"]) - 1)
    editor.close(uri)


async def test_an_unused_suppression_is_faded(editor: Editor) -> None:
    text = "x = 1  # backend-expert: ignore[security/sql-injection] no reason\n"
    uri = editor.open("untitled:faded", text)
    (found,) = await editor.findings(uri, "quality/unused-suppression")
    assert found["range"] == editor.range(uri, text[7:-1])
    assert found["tags"] == [1]
    editor.close(uri)


LINES = [
    "    return db.execute(f\"SELECT '😀é' FROM users WHERE name = '{input()}'\")\n",
    '    "😀"; return db.execute(f"SELECT 1 FROM users WHERE n = \'{input()}\'")\n',
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
async def test_columns_behind_emoji_and_accents(editor: Editor, line: str, newline: str) -> None:
    uri = editor.open("untitled:emoji", (INJECTED + line).replace("\n", newline))
    (found,) = await editor.findings(uri, "security/sql-injection")
    assert found["range"] == editor.range(uri, "{input()}")
    # An edit behind the emoji, at a place counted in the client's own units.
    place = found["range"]["end"]
    version = editor.versions[uri] = editor.versions[uri] + 1
    editor.session.type_in(uri, version, place["line"], place["character"], "{input()}")
    editor.texts[uri] = editor.texts[uri].replace("{input()}", "{input()}" * 2)
    found = await editor.findings(uri, "security/sql-injection")
    assert found[0]["range"] == editor.range(uri, "{input()}")
    editor.close(uri)


async def test_typing_moves_findings_and_makes_them_go(editor: Editor) -> None:
    uri = editor.open("untitled:typing", INJECTED + LINES[0])
    assert await editor.findings(uri, "security/sql-injection")
    editor.rewrite(uri, "\n\n" + editor.texts[uri])
    (found,) = await editor.findings(uri, "security/sql-injection")
    assert found["range"] == editor.range(uri, "{input()}")
    editor.rewrite(uri, editor.texts[uri].replace("'{input()}'", "'x'"))
    assert not await editor.findings(uri, "security/sql-injection")
    editor.close(uri)


FILES = ["api/shop/worker/notify.py", "notifications/src/auth.js", "api/migrations/0003_events.sql"]


@pytest.mark.parametrize("name", FILES)
async def test_every_language_is_checked(editor: Editor, name: str) -> None:
    uri = editor.open_file(SHOP / name)
    assert await editor.findings(uri)
    editor.close(uri)
