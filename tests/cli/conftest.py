"""A small project on disk and the command line, run in this process."""

from collections.abc import Callable
from pathlib import Path

import pytest
from backend_expert.cli.main import cli
from click.testing import CliRunner, Result

RULE = "errors/http-call-no-timeout"
BAD = "import requests\n\n\ndef rates(url):\n    return requests.get(url).json()\n"
GOOD = BAD.replace("get(url)", "get(url, timeout=5)")

Run = Callable[..., Result]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one bad file and one good file, and the current one."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "rates.py").write_text(BAD)
    (tmp_path / "app" / "well.py").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return tmp_path


@pytest.fixture
def run() -> Run:
    """Runs the command line; `check` looks for one rule only, so that new rules change nothing."""

    def run(*arguments: str) -> Result:
        if arguments[0] == "check" and "--select" not in arguments:
            arguments = (*arguments, "--select", RULE)
        return CliRunner().invoke(cli, arguments)

    return run
