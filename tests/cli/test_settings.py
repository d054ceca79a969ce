"""`settings`: where the file lies, what is wrong in it, who answers."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_without_a_model(user: Path, run: Run) -> None:
    told = run("settings")
    assert told.exit_code == 0
    file = user / "config" / "backend-expert" / "settings.toml"
    assert f"{file} (not there yet)" in told.stdout
    assert "answers offline: No key for the model is set up" in told.stdout


def test_with_one(user: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    file = user / "config" / "backend-expert" / "settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[model]\nbase-url = "http://127.0.0.1:1"\nmodle = "x"\n')
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-not-told")
    told = run("settings")
    assert "answers through anthropic at 127.0.0.1:1, model claude-" in told.stdout
    assert f"{file}:3: unknown setting `modle`; did you mean `model`?" in told.stderr
    assert "sk-ant-not-told" not in told.stdout + told.stderr
