"""tmux, the terminal without a screen that editors of the terminal are shown in."""

from pathlib import Path

from tests.editors.install import debian


def install() -> Path:
    """The program to start."""
    return debian.in_system("tmux", "tmux")
