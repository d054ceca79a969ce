"""What a person sees: the code with its findings and the answer beside it, dark and light."""

import os
from pathlib import Path

import pytest

from tests.editors.terminal import DARK, LIGHT, terminal

HERE = Path(__file__).parent
THEMES = {"dark": DARK, "light": LIGHT}


@pytest.mark.parametrize("background", THEMES)
def test_findings_and_an_answer(
    background: str, neovim: Path, tmux: Path, server: Path, shop: Path, tmp_path: Path
) -> None:
    command = [str(neovim), "-n", "-i", "NONE", "-u", str(HERE / "init.lua")]
    command += ["-c", f"set background={background}", "-S", str(HERE / "looks.lua")]
    command += ["api/shop/reporting.py"]
    folder = Path(os.environ.get("BACKEND_EXPERT_PICTURES") or tmp_path)
    with terminal(tmux, tmp_path, command, shop, (148, 40), BACKEND_EXPERT=str(server)) as screen:
        screen.wait("`= NULL` is never true")
        screen.type(":27", "Enter", "zz", ":BackendExpert review", "Enter")
        screen.wait("Ask with IS", "Answered offline")
        screen.type(":echo", "Enter")
        screen.picture(folder / f"neovim-{background}.svg", "nvim", THEMES[background])
