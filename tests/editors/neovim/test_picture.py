"""What a person sees: findings with the answer beside the code, and a rewrite as a diff."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.terminal import DARK, LIGHT, Terminal, terminal

HERE = Path(__file__).parent
THEMES = {"dark": DARK, "light": LIGHT}


@pytest.fixture(params=THEMES)
def background(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def screen(
    background: str, neovim: Path, tmux: Path, server: Path, shop: Path, tmp_path: Path
) -> Iterator[Terminal]:
    """Neovim on a file of the shop, with its findings, the cursor at one of them."""
    command = [str(neovim), "-n", "-i", "NONE", "-u", str(HERE / "init.lua")]
    command += ["-c", f"set background={background}", "-S", str(HERE / "looks.lua")]
    command += ["+27", "api/shop/reporting.py"]
    with terminal(tmux, tmp_path, command, shop, (148, 38), BACKEND_EXPERT=str(server)) as shown:
        shown.wait("`= NULL` is never true")
        shown.type("zz")
        yield shown


def draw(screen: Terminal, name: str, background: str, fallback: Path) -> None:
    """Takes a picture, into the folder that `BACKEND_EXPERT_PICTURES` names, else `fallback`."""
    folder = Path(os.environ.get("BACKEND_EXPERT_PICTURES") or fallback)
    screen.picture(folder / f"{name}-{background}.svg", "nvim", THEMES[background])


def test_findings_and_an_answer(screen: Terminal, background: str, tmp_path: Path) -> None:
    screen.type(":BackendExpert review", "Enter")
    screen.wait("Ask with IS", "Answered offline")
    screen.type(":echo", "Enter")
    screen.wait_without(":BackendExpert")
    draw(screen, "neovim-answer", background, tmp_path)


def test_a_rewrite_as_a_diff(screen: Terminal, background: str, tmp_path: Path) -> None:
    screen.type(":BackendExpert rewrite", "Enter")
    screen.wait("archived_at IS NULL", "a: apply")
    screen.shrink(22)
    screen.type(":echo", "Enter")
    screen.wait_without(":BackendExpert")
    draw(screen, "neovim-diff", background, tmp_path)
    screen.type("a")
    screen.wait_without("a: apply")
    screen.wait("WHERE archived_at IS NULL")
