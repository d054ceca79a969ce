"""The real server and its settings: the editor's, each root's, those in files; files that change."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.support.editor import Editor

INJECTION = "security/sql-injection"
INJECTED = """import sqlite3


def find(db: sqlite3.Connection) -> object:
    return db.execute(f"SELECT name FROM users WHERE name = '{input()}'")
"""
SLOW = "import requests\n\n\ndef get() -> object:\n    return requests.get('https://example.org')\n"
HELPER = """import sqlite3


def look(db: sqlite3.Connection, name: str) -> object:
    return db.execute(f"SELECT 1 FROM users WHERE name = '{name}'")
"""
CALLER = """import sqlite3

from helper import look


def find(db: sqlite3.Connection) -> object:
    return look(db, input())
"""

Answers = dict[str, Any]


class Settings:
    """What the editor has under `backendExpert`, by scope."""

    def __init__(self) -> None:
        self.by_scope: dict[str | None, Answers] = {None: {}}

    def __call__(self, params: Any) -> list[Answers]:
        general = self.by_scope[None]
        return [self.by_scope.get(item.get("scopeUri"), general) for item in params["items"]]


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    one, two = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two ü")
    for root in (one, two):
        (root / "pyproject.toml").write_text('[project]\nname = "x"\n')
        (root / "injected.py").write_text(INJECTED)
    return one, two


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["vscode", "emacs"])
async def editor(request: pytest.FixtureRequest, roots: tuple[Path, Path]) -> AsyncIterator[Editor]:
    settings = Settings()
    async with Editor.start(request.param, *roots, settings=settings) as started:
        started.session.answers["settings"] = settings
        yield started
        assert await started.session.shutdown() == 0


@pytest.fixture
def settings(editor: Editor):
    found: Any = editor.session.answers["settings"]
    yield found
    found.by_scope = {None: {}}
    editor.session.notify("workspace/didChangeConfiguration", {"settings": None})


async def settled(editor: Editor, uri: str, right: Callable[[list[str]], bool]) -> list[str]:
    """The rules that are found in a buffer, once they are right: settings take a round trip."""
    for _ in range(200):
        if editor.pulls:
            found = [item["code"] for item in (await editor.session.pull(uri))["items"]]
        else:
            pushes = editor.session.told["textDocument/publishDiagnostics"]
            last = [push for push in pushes if push["uri"] == uri][-1:]
            found = [item["code"] for push in last for item in push["diagnostics"]]
        if right(found):
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"it stays at {found}")


# -- settings -------------------------------------------------------------------------------------


async def test_settings_take_effect_at_once(
    editor: Editor, settings: Settings, roots: tuple[Path, Path]
) -> None:
    uri = editor.open_file(roots[0] / "injected.py")
    await settled(editor, uri, lambda found: INJECTION in found)
    for value in ({"ignore": ["security"]}, {"select": ["errors"]}, {"exclude": ["injected.py"]}):
        settings.by_scope[None] = value
        editor.session.notify("workspace/didChangeConfiguration", {"settings": None})
        await settled(editor, uri, lambda found: INJECTION not in found)
        settings.by_scope[None] = {}
        editor.session.notify("workspace/didChangeConfiguration", {"settings": None})
        await settled(editor, uri, lambda found: INJECTION in found)
    settings.by_scope[None] = {"severity": {INJECTION: "hint"}}
    editor.session.notify("workspace/didChangeConfiguration", {"settings": None})
    editor.session.told["textDocument/publishDiagnostics"].clear()
    for _ in range(100):
        await settled(editor, uri, lambda found: INJECTION in found)
        (found,) = await editor.findings(uri, INJECTION)
        if found["severity"] == 4:
            break
        await asyncio.sleep(0.05)
    assert found["severity"] == 4
    editor.close(uri)


async def test_lenses_can_be_switched_off(
    editor: Editor, settings: Settings, roots: tuple[Path, Path]
) -> None:
    uri = editor.open_file(roots[0] / "injected.py")
    assert await editor.shown(uri) == ["SELECT users · 1 finding · ask"]
    settings.by_scope[None] = {"lenses": False}
    refreshed = editor.session.told["workspace/codeLens/refresh"]
    refreshed.clear()
    editor.session.notify("workspace/didChangeConfiguration", {"settings": None})
    for _ in range(200):
        if not await editor.shown(uri):
            break
        await asyncio.sleep(0.02)
    assert bool(refreshed) == (editor.name == "vscode")
    assert await editor.shown(uri) == []
    editor.close(uri)


async def test_each_root_has_settings_of_its_own(
    editor: Editor, settings: Settings, roots: tuple[Path, Path]
) -> None:
    one, two = (editor.open_file(root / "injected.py") for root in roots)
    settings.by_scope[roots[1].as_uri()] = {"ignore": [INJECTION], "lenses": False}
    editor.session.notify("workspace/didChangeConfiguration", {"settings": None})
    await settled(editor, two, lambda found: INJECTION not in found)
    await settled(editor, one, lambda found: INJECTION in found)
    assert await editor.shown(one) and not await editor.shown(two)
    editor.close(one)
    editor.close(two)


async def test_a_settings_file_that_changes(editor: Editor, roots: tuple[Path, Path]) -> None:
    file = roots[1] / ".backend-expert.toml"
    uri = editor.open_file(roots[1] / "injected.py")
    await settled(editor, uri, lambda found: INJECTION in found)
    file.write_text(f'ignore = ["{INJECTION}"]\n')
    changed = {"changes": [{"uri": file.as_uri(), "type": 1}]}
    editor.session.notify("workspace/didChangeWatchedFiles", changed)
    await settled(editor, uri, lambda found: INJECTION not in found)
    file.write_text('ignroe = ["security"]\n')
    editor.session.notify("workspace/didChangeWatchedFiles", changed)
    await settled(editor, uri, lambda found: INJECTION in found)
    message = editor.session.told["window/showMessage"].pop()["message"]
    assert f"{file}:1: " in message and "“ignore”" in message.replace("`ignore`", "“ignore”")
    assert not editor.session.told["window/showMessage"]
    file.unlink()
    changed["changes"][0]["type"] = 3
    editor.session.notify("workspace/didChangeWatchedFiles", changed)
    await settled(editor, uri, lambda found: INJECTION in found)
    editor.close(uri)


async def test_a_file_that_others_import_changes(editor: Editor, roots: tuple[Path, Path]) -> None:
    helper = roots[0] / "helper.py"
    helper.write_text(HELPER)
    uri = editor.open("file://" + str(roots[0] / "caller.py"), CALLER)
    await settled(editor, uri, lambda found: INJECTION in found)
    if editor.name == "vscode":
        opened = editor.open_file(helper)
    helper.write_text(HELPER.replace("'{name}'\"", '?", (name,)').replace('f"', '"'))
    if editor.name == "vscode":  # an open file is saved, one that is not open changes
        editor.session.notify("textDocument/didSave", {"textDocument": {"uri": opened}})
        editor.close(opened)
    else:
        changed = {"changes": [{"uri": helper.as_uri(), "type": 2}]}
        editor.session.notify("workspace/didChangeWatchedFiles", changed)
    await settled(editor, uri, lambda found: INJECTION not in found)
    editor.close(uri)
    helper.unlink()


# -- trace ----------------------------------------------------------------------------------------


async def test_tracing(editor: Editor) -> None:
    uri = editor.open("untitled:traced.py", SLOW)
    editor.session.notify("$/setTrace", {"value": "messages"})
    await editor.findings(uri)
    await editor.hover(uri, "requests.get")
    told = editor.session.told["$/logTrace"]
    await editor.session.until(lambda: any("hover" in params["message"] for params in told))
    assert all("verbose" not in params for params in told)
    editor.session.notify("$/setTrace", {"value": "off"})
    await editor.hover(uri, "requests.get")
    told.clear()
    await editor.hover(uri, "requests.get")
    assert not told
    editor.close(uri)
