"""Each spec in a Neovim of its own, with a home of its own, on a shop of its own."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.editors import figures

HERE = Path(__file__).parent
SPECS = sorted((HERE / "specs").glob("*.lua"))


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_spec(spec: Path, neovim: Path, server: Path, shop: Path, tmp_path: Path) -> None:
    home = {
        "HOME": tmp_path,
        "XDG_CONFIG_HOME": tmp_path / "config",
        "XDG_DATA_HOME": tmp_path / "data",
        "XDG_STATE_HOME": tmp_path / "state",
        "XDG_CACHE_HOME": tmp_path / "cache",
        "BACKEND_EXPERT": server,
    }
    run = f"lua require('harness').run('{spec}')"
    command = [neovim, "--headless", "-n", "-i", "NONE", "-u", HERE / "init.lua", "-c", run]
    done = subprocess.run(
        command,
        cwd=shop,
        env={**os.environ, **{name: str(value) for name, value in home.items()}},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, f"{said}\n{_log(tmp_path)}"
    for line in re.findall(r"^FIGURE (.+?)\r?$", said, re.MULTILINE):
        figure = json.loads(line)
        figures.note("Neovim", figure["name"], figure["times"])


def _log(home: Path) -> str:
    """The end of Neovim's log, which has the server's errors."""
    logs = list((home / "state").rglob("lsp.log"))
    return "".join(at.read_text("utf-8", "replace")[-3000:] for at in logs)
