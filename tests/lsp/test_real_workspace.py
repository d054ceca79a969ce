"""The real server and the files of its workspace that are not open."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from backend_expert.lsp.client import Failed

from tests.support.editor import Editor

INJECTION, TIMEOUT = "security/sql-injection", "errors/http-call-no-timeout"
INJECTED = """import sqlite3


def find(db: sqlite3.Connection) -> object:
    return db.execute(f"SELECT name FROM users WHERE name = '{input()}'")
"""
SLOW = "import requests\n\n\ndef get() -> object:\n    return requests.get('https://example.org')\n"


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    one, two = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two ü")
    for root in (one, two):
        (root / "pyproject.toml").write_text('[project]\nname = "x"\ndependencies = ["requests"]\n')
        (root / "injected.py").write_text(INJECTED)
    (one / "slow.py").write_text(SLOW)
    (one / "clean.py").write_text("x = 1\n")
    (one / "cut off.py").write_text("def f(:\n    'é\n")
    (one / "min.js").write_text("x=1;" * 10_000)
    (one / "node_modules").mkdir()
    (one / "node_modules" / "injected.py").write_text(INJECTED)
    (one / "left").mkdir()
    (one / "left" / "out.py").write_text(INJECTED)
    (one / ".gitignore").write_text("left/\n")
    (one / "loop").symlink_to(one, target_is_directory=True)
    (one / "nowhere.py").symlink_to(one / "nothing.py")
    (one / "itself.py").symlink_to(one / "itself.py")
    return one, two


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def editor(roots: tuple[Path, Path]) -> AsyncIterator[Editor]:
    async with Editor.start("vscode", *roots) as started:
        yield started
        assert await started.session.shutdown() == 0


async def workspace(editor: Editor, known: list[dict], token: str = "") -> list[dict]:
    params = {"previousResultIds": known} | ({"partialResultToken": token} if token else {})
    last = await editor.session.request("workspace/diagnostic", params)
    parts = [p["value"]["items"] for p in editor.session.told["$/progress"] if p["token"] == token]
    return [item for part in parts for item in part] + last["items"]


async def test_closed_files(editor: Editor, roots: tuple[Path, Path]) -> None:
    one, two = roots
    items = await workspace(editor, [], "part")
    assert any(p["token"] == "part" for p in editor.session.told["$/progress"])
    by_uri = {item["uri"]: item for item in items}
    expected = (one / "injected.py", one / "slow.py", two / "injected.py")
    assert {path.as_uri() for path in expected} == by_uri.keys()
    (found,) = by_uri[(one / "slow.py").as_uri()]["items"]
    assert (found["code"], found["range"]["start"]) == (TIMEOUT, {"line": 4, "character": 11})
    assert by_uri[(two / "injected.py").as_uri()]["version"] is None

    known = [{"uri": item["uri"], "value": item["resultId"]} for item in items]
    spent: list[float] = []
    for _ in range(3):
        started = time.perf_counter()
        again = await workspace(editor, known)
        spent.append(time.perf_counter() - started)
        assert {item["kind"] for item in again} == {"unchanged"} and len(again) == 3
    assert min(spent) < 0.2  # nothing was looked at

    mended = one / "injected.py"
    mended.write_text(INJECTED.replace("'{input()}'", "?"))
    (one / "new.py").write_text(SLOW)
    (one / "slow.py").unlink()
    changes = [
        {"uri": path.as_uri(), "type": kind}
        for path, kind in ((mended, 2), (one / "new.py", 1), (one / "slow.py", 3))
    ]
    editor.session.notify("workspace/didChangeWatchedFiles", {"changes": changes})
    after = {item["uri"]: item for item in await workspace(editor, known)}
    assert after[mended.as_uri()]["items"] == []
    assert after[(one / "slow.py").as_uri()]["items"] == []
    assert len(after[(one / "new.py").as_uri()]["items"]) == 1
    assert after[(two / "injected.py").as_uri()]["kind"] == "unchanged"

    uri = editor.open_file(one / "new.py")
    shown = {item["uri"]: item for item in await workspace(editor, [])}
    assert shown[uri]["version"] == 1 and len(shown[uri]["items"]) == 1
    editor.close(uri)
    mended.write_text(INJECTED)
    (one / "new.py").rename(one / "slow.py")
    changes = [{"uri": (one / "slow.py").as_uri(), "type": 1}]
    editor.session.notify("workspace/didChangeWatchedFiles", {"changes": changes})


async def test_typing_goes_first_and_cancelling_ends_it(
    editor: Editor, tmp_path: Path, roots: tuple[Path, Path]
) -> None:
    for number in range(150):
        (tmp_path / f"many_{number}.py").write_text(INJECTED * 20)
    folder = {"uri": tmp_path.as_uri(), "name": "many"}
    change = {"event": {"added": [folder], "removed": []}}
    editor.session.notify("workspace/didChangeWorkspaceFolders", change)
    uri = editor.open("untitled:typing.py", INJECTED * 20)
    await editor.findings(uri)
    name, answer = editor.session.ask("workspace/diagnostic", {"previousResultIds": []})
    spent: list[float] = []
    for _ in range(15):
        started = time.perf_counter()
        editor.rewrite(uri, editor.texts[uri] + "x = 1\n")
        await editor.findings(uri)
        spent.append(time.perf_counter() - started)
        await asyncio.sleep(0.02)
    assert sorted(spent)[len(spent) // 2] < 0.3
    assert not answer.done()
    children = await waited(lambda: scouts(editor), lambda found: bool(found))
    assert len(children) == 1
    editor.session.notify("$/cancelRequest", {"id": name})
    with pytest.raises(Failed, match="-32800"):
        await asyncio.wait_for(answer, 10)
    assert not await waited(lambda: scouts(editor), lambda found: not found)
    change = {"event": {"added": [], "removed": [folder]}}
    editor.session.notify("workspace/didChangeWorkspaceFolders", change)
    assert len(await workspace(editor, [])) == 4
    editor.close(uri)


def scouts(editor: Editor) -> list[int]:
    """The processes that the server has started."""
    found: list[int] = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            parent = Path("/proc", name, "stat").read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
        if int(parent) == editor.session.process.pid:
            found.append(int(name))
    return found


async def waited(look: Callable[[], Any], right: Callable[[Any], bool]) -> Any:
    for _ in range(200):
        found = look()
        if right(found):
            break
        await asyncio.sleep(0.05)
    return found


async def test_of_too_many_files_the_first_are_checked(roots: tuple[Path, Path]) -> None:
    code = "import sys, backend_expert.lsp.closed_files as c\nc.MOST_FILES = 2\n"
    code += "from backend_expert.cli.serve import serve; sys.exit(serve())"
    process = {"command": (sys.executable, "-c", code), "stderr": asyncio.subprocess.PIPE}
    async with Editor.start("vscode", *roots, **process) as editor:
        await workspace(editor, [])
        editor.session.notify("workspace/didChangeWatchedFiles", {"changes": []})
        await workspace(editor, [])
        assert await editor.session.shutdown() == 0
        assert editor.session.process.stderr
        log = (await editor.session.process.stderr.read()).decode()
    assert log.count("the workspace has 6 files; the first 2 and those that are open") == 1
