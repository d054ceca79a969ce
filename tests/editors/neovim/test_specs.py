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
# What Neovim 0.10 is promised, in which a person starts the server themselves.
PLAIN = ("findings", "hover", "quick_fix", "columns", "ask", "map")


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_spec(spec: Path, neovim: Path, server: Path, shop: Path, tmp_path: Path) -> None:
    run(neovim, "init.lua", spec, server, shop, tmp_path)


@pytest.mark.parametrize("name", PLAIN)
def test_the_oldest_neovim(
    name: str, oldest_neovim: Path, server: Path, shop: Path, tmp_path: Path
) -> None:
    run(oldest_neovim, "init-0.10.lua", HERE / "specs" / f"{name}.lua", server, shop, tmp_path)


def run(
    neovim: Path, init: str, spec: Path, server: Path, shop: Path, tmp_path: Path, **more: str
) -> None:
    """Runs a spec; what it measured is kept for the report. `more` is added to the environment."""
    home = {
        "HOME": tmp_path,
        "XDG_CONFIG_HOME": tmp_path / "config",
        "XDG_DATA_HOME": tmp_path / "data",
        "XDG_STATE_HOME": tmp_path / "state",
        "XDG_CACHE_HOME": tmp_path / "cache",
        "BACKEND_EXPERT": server,
    }
    start = f"lua require('harness').run('{spec}')"
    command = [neovim, "--headless", "-n", "-i", "NONE", "-u", HERE / init, "-c", start]
    done = subprocess.run(
        command,
        cwd=shop,
        env={**os.environ, **{name: str(value) for name, value in home.items()}, **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
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
