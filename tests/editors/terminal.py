"""A terminal that a test types into and looks at, and pictures of it with its colours."""

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from rich.ansi import AnsiDecoder
from rich.console import Console
from rich.terminal_theme import TerminalTheme

PATIENCE = 30  # seconds
DARK = TerminalTheme((20, 22, 27), (224, 226, 234), [(0, 0, 0)] * 8)
LIGHT = TerminalTheme((224, 226, 234), (20, 22, 27), [(0, 0, 0)] * 8)


class Terminal:
    """One program in a tmux of its own."""

    def __init__(self, command: Sequence[str], width: int) -> None:
        self._command = command
        self.width = width

    def _run(self, *words: str) -> str:
        done = subprocess.run([*self._command, *words], capture_output=True, text=True, check=True)
        return done.stdout

    def type(self, *keys: str) -> None:
        """Types keys, which have tmux's names (`Enter`, `Escape`) or are text."""
        self._run("send-keys", *keys)

    def shrink(self, height: int) -> None:
        """Makes it as low as that."""
        self._run("resize-window", "-y", str(height))

    def screen(self) -> str:
        """The text on the screen."""
        return self._run("capture-pane", "-p")

    def wait(self, *parts: str) -> str:
        """The text on the screen, once it has all `parts`."""
        return self._once(lambda seen: all(part in seen for part in parts), f"never shown: {parts}")

    def wait_without(self, part: str) -> str:
        """The text on the screen, once it has `part` no more."""
        return self._once(lambda seen: part not in seen, f"shown to the end: {part}")

    def _once(self, is_so: Callable[[str], bool], trouble: str) -> str:
        end = time.monotonic() + PATIENCE
        # A terminal sends no events; what it shows can only be looked at.
        while not is_so(seen := self.screen()):
            assert time.monotonic() < end, f"{trouble}\n{seen}"
        return seen

    def picture(self, path: Path, title: str, theme: TerminalTheme) -> None:
        """Draws the screen as SVG."""
        shown = self._run("capture-pane", "-p", "-e").rstrip("\n")
        # Rich draws no colour of a line under text, and would take the sequence for a reset.
        shown = re.sub(r"\x1b\[58[;:][\d;:]*m", "", shown)
        console = Console(record=True, width=self.width, file=StringIO(), force_terminal=True)
        for line in AnsiDecoder().decode(shown):
            line.truncate(self.width, pad=True)
            console.print(line, no_wrap=True, overflow="ignore", crop=False)
        svg = console.export_svg(title=title, theme=theme)
        # The font of rich's own template would be fetched from elsewhere.
        svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(svg, "utf-8")


@contextmanager
def terminal(
    tmux: Path, home: Path, command: Sequence[str], cwd: Path, size: tuple[int, int], **around: str
) -> Iterator[Terminal]:
    """Runs a program in a terminal of `size` columns and rows."""
    own = [str(tmux), "-S", str(home / "tmux"), "-f", "/dev/null"]
    environment = {**os.environ, **around, "HOME": str(home), "COLORTERM": "truecolor"}
    environment |= {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    options = ["set", "-g", "status", "off", ";", "set", "-g", "default-terminal", "tmux-256color"]
    width, height = size
    start = ["new-session", "-d", "-x", str(width), "-y", str(height), "-c", str(cwd), *command]
    subprocess.run([*own, "-u", *options, ";", *start], env=environment, check=True)
    try:
        yield Terminal(own, width)
    finally:
        subprocess.run([*own, "kill-server"], check=False)
