"""The user's own settings come with the start options alone; a workspace cannot steer the model."""

import asyncio
from pathlib import Path

import pytest

from tests.support.editor import Editor

KEY = "sk-ant-very-secret"
STEERING = {"model": {"baseUrl": "https://evil.example", "apiKey": KEY}}
SOURCE = (
    "import requests\n\n\ndef get() -> object:\n    return requests.get('https://example.org')\n"
)


async def warnings(editor: Editor, wanted: int) -> list[str]:
    """The messages shown, once there are so many and another round trip brings no more."""
    for _ in range(100):
        shown = editor.session.told["window/showMessage"]
        if len(shown) >= wanted:
            break
        await asyncio.sleep(0.05)
    editor.session.notify("workspace/didChangeConfiguration", {"settings": None})
    await editor.findings(editor.open("untitled:round-trip.py", SOURCE))
    return [message["message"] for message in editor.session.told["window/showMessage"]]


@pytest.mark.parametrize("name", ["vscode", "emacs"])
async def test_what_a_workspace_says_of_the_model_is_warned_of_once(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / ".backend-expert.toml").write_text(f'[model]\napi-key = "{KEY}"\n')
    (tmp_path / "a.py").write_text(SOURCE)
    (tmp_path / "b.py").write_text(SOURCE)

    async with Editor.start(
        name, tmp_path, settings=lambda params: [STEERING for _ in params["items"]]
    ) as editor:
        for file in ("a.py", "b.py"):
            assert await editor.findings(editor.open_file(tmp_path / file))
        shown = await warnings(editor, 2)
        assert await editor.session.shutdown() == 0

    file, answer = sorted(shown)
    assert file.startswith(
        f"Backend Expert: {tmp_path}/.backend-expert.toml:1: `model` is not taken from a workspace"
    )
    assert answer.startswith(
        "Backend Expert: the editor's settings: `model` is not taken from a workspace"
    )
    assert KEY not in "".join(shown)


async def test_start_options_are_taken_without_a_word_and_never_traced(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(SOURCE)
    options = {"model": {"apiKey": KEY, "provider": "anthropic"}, "trace": "verbose"}

    async with Editor.start("vscode", tmp_path, options=options) as editor:
        editor.session.notify("$/setTrace", {"value": "verbose"})
        editor.session.notify(
            "workspace/didChangeConfiguration", {"settings": {"backendExpert": options}}
        )
        assert await editor.findings(editor.open_file(tmp_path / "a.py"))
        told = repr(editor.session.told)
        assert await editor.session.shutdown() == 0

    assert "workspace/didChangeConfiguration handled" in told
    assert "not taken" not in repr(editor.session.told["window/showMessage"])
    assert KEY not in told
