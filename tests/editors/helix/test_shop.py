"""Findings, a hover and a quick fix in Helix, set up as clients/README.md says."""

import os
import re
from pathlib import Path

from tests.editors.terminal import terminal
from tests.support.tools import ROOT


def set_up() -> str:
    """The block for `languages.toml` in the manual."""
    manual = (ROOT / "clients" / "README.md").read_text("utf-8")
    block = re.search(r"^## Helix.*?```toml\n(.*?)```", manual, re.DOTALL | re.MULTILINE)
    assert block is not None
    return block[1]


def test_findings_hover_and_fix(
    helix: Path, tmux: Path, server: Path, shop: Path, tmp_path: Path
) -> None:
    own = tmp_path / ".config" / "helix"
    own.mkdir(parents=True)
    (own / "languages.toml").write_text(set_up(), "utf-8")
    on_path = f"{server.parent}{os.pathsep}{os.environ['PATH']}"
    config = {"XDG_CONFIG_HOME": str(tmp_path / ".config"), "PATH": on_path}
    command = [str(helix), "api/shop/reporting.py:27:20"]
    with terminal(tmux, tmp_path, command, shop, (140, 40), **config) as screen:
        screen.wait("is never true")
        screen.type("Space", "k")
        screen.wait("Nothing equals NULL")
        screen.type("Escape")
        screen.wait_without("Nothing equals NULL")
        screen.type("Space", "a")
        screen.wait("Ask with IS")
        screen.type("Enter")
        screen.wait("WHERE archived_at IS NULL")
