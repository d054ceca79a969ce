"""Markdown on a terminal: headings at the left, drawn block by block while it grows."""

import time

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import Heading, Markdown
from rich.text import Text

WIDTH = 100
_THEME = "ansi_dark"


class _Heading(Heading):
    """A heading at the left edge; rich would put it in the middle and the first one in a box."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        self.text.justify = "left"
        self.text.stylize("bold" if self.tag != "h1" else "bold underline")
        yield self.text


class Page(Markdown):
    """Markdown as this command line draws it."""

    elements = Markdown.elements | {"heading_open": _Heading}

    def __init__(self, text: str) -> None:
        super().__init__(text, code_theme=_THEME, hyperlinks=True)


class Growing:
    """Text that comes in parts, drawn as soon as a block of it is whole."""

    def __init__(self, console: Console, pause: float = 0) -> None:
        self._console = console
        self._pause = pause
        self._waiting = ""

    def add(self, text: str) -> None:
        """The next part."""
        self._waiting += text
        while True:
            end = _end_of_block(self._waiting)
            if end < 0:
                return
            block, self._waiting = self._waiting[:end], self._waiting[end:].lstrip("\n")
            self._draw(block)

    def end(self) -> None:
        """The text is whole."""
        if self._waiting.strip():
            self._draw(self._waiting)
        self._waiting = ""

    def _draw(self, block: str) -> None:
        if block.strip() == "---":
            return  # a ruler before the last line says nothing on a terminal
        with self._console.capture() as captured:
            self._console.print(Page(block))
        lines = [line.rstrip() for line in captured.get().split("\n")]
        self._console.print(Text.from_ansi("\n".join(lines).strip("\n")), soft_wrap=True)
        self._console.print()
        if self._pause:
            time.sleep(self._pause)


def _end_of_block(text: str) -> int:
    """Where the first whole block ends (a blank line outside of fenced code), or -1."""
    is_code = False
    at = 0
    for line in text.splitlines(keepends=True):
        if line.startswith("```"):
            is_code = not is_code
        if not line.strip() and not is_code and text[:at].strip():
            return at
        at += len(line)
    return -1
