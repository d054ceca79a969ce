"""Faults of our own: a broken rule, reader or technology takes nothing else down."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.support.editor import Editor

TIMEOUT = "errors/http-call-no-timeout"
SOUND = 'import requests\n\n\ndef get():\n    requests.get("https://example.org")\n\n\n'


class Log:
    """What the server writes to its standard error."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def count(self, words: str) -> int:
        return self.path.read_text("utf-8").count(words)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def editor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    folder = tmp_path_factory.mktemp("hurt")
    (folder / "technologies").mkdir()
    command = (sys.executable, "-m", "tests.support.hurt_server", str(folder / "technologies"))
    with (folder / "log").open("wb") as log:
        env = {"BACKEND_EXPERT_CACHE": str(folder / "cache")}
        async with Editor.start("vscode", command=command, stderr=log, env=env) as started:
            started.log = Log(folder / "log")  # type: ignore[attr-defined]
            yield started
            assert await started.session.shutdown() == 0


def log_of(editor: Editor) -> Log:
    return editor.log  # type: ignore[attr-defined]


def messages(editor: Editor, words: str) -> list[Any]:
    return [m for m in editor.session.told["window/showMessage"] if words in m["message"]]


async def test_a_rule_that_cannot_be_imported_is_left_out_and_told_once(editor: Editor) -> None:
    uri = editor.open("untitled:import.py", SOUND)
    assert [item["code"] for item in await editor.findings(uri, TIMEOUT)] == [TIMEOUT]
    assert log_of(editor).count("rule security/sql-injection is left out") == 1
    (message,) = messages(editor, "security/sql-injection")
    assert "cannot be loaded (SyntaxError: invalid syntax)" in message["message"]
    editor.close(uri)


async def test_technology_files_that_are_wrong_are_left_out(editor: Editor) -> None:
    log = log_of(editor)
    assert log.count("wrong.toml:7: unknown role “sql.exceute”; did you mean “sql.execute”?") == 1
    assert log.count("a technology file is left out: binary.toml") == 1


async def test_a_rule_that_raises_is_told_once_and_the_others_go_on(editor: Editor) -> None:
    uri = editor.open("untitled:raise.py", SOUND + "boom()\n")
    for _ in range(3):
        assert len(await editor.findings(uri, TIMEOUT)) == 1
        editor.rewrite(uri, editor.texts[uri] + "boom()\n")
    assert log_of(editor).count("rule quality/hurting failed and was passed over") == 1
    (message,) = messages(editor, "quality/hurting")
    assert "RuntimeError('BOOM')" in message["message"]
    editor.close(uri)


async def test_an_item_that_is_too_deep_says_so_and_the_others_are_checked(editor: Editor) -> None:
    uri = editor.open("untitled:deep.py", SOUND + "\n\ndef f():\n    deep()\n")
    for number in range(3):
        found = await editor.findings(uri)
        assert [item["code"] for item in found] == [TIMEOUT, "not-checked"]
        assert found[1]["severity"] == 3 and "nested too deeply" in found[1]["message"]
        assert found[1]["range"] == editor.range(uri, "def f():")
        editor.rewrite(uri, editor.texts[uri] + f"    deep({number})\n")
    assert log_of(editor).count("nested too deeply to be checked: 'def f") == 1
    editor.rewrite(uri, SOUND + "\n\ndef f():\n    pass\n")
    assert [item["code"] for item in await editor.findings(uri)] == [TIMEOUT]
    editor.close(uri)


async def test_a_file_that_is_too_deep_says_so(editor: Editor) -> None:
    uri = editor.open("untitled:deepest.py", SOUND + "deepest()\n")
    (found,) = await editor.findings(uri)
    assert (found["severity"], found["message"]) == (
        3,
        "This file is nested too deeply to be checked.",
    )
    editor.rewrite(uri, SOUND)
    assert len(await editor.findings(uri, TIMEOUT)) == 1
    editor.close(uri)


async def test_a_file_that_takes_too_long_says_so_and_does_not_hold_up_typing(
    editor: Editor,
) -> None:
    uri = editor.open("untitled:slow.py", SOUND + "slow()\n")
    (found,) = await editor.findings(uri)
    assert (found["code"], found["severity"]) == ("not-checked", 3)
    assert found["message"].startswith("This file could not be checked within 0.3 s")
    loop = asyncio.get_running_loop()
    started = loop.time()
    for number in range(5):
        editor.rewrite(uri, editor.texts[uri] + f"x = {number}\n")
        assert len(await editor.findings(uri)) == 1
    assert loop.time() - started < 1.2  # five checks would take longer
    assert await editor.hover(uri, "requests.get") is None
    other = editor.open("untitled:other.py", SOUND)
    assert len(await editor.findings(other, TIMEOUT)) == 1
    assert log_of(editor).count("untitled:slow.py was not checked within 0.3 s") == 1
    editor.close(uri)
    editor.close(other)
