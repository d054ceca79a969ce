"""What the demo shows, in print: headings, findings with their code, a diff, and its picture."""

import re
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.rule import Rule
from rich.syntax import Syntax
from rich.text import Text

from backend_expert.cli.drawing import WIDTH, Growing
from backend_expert.cli.excerpt import excerpt
from backend_expert.cli.reports.text import wants_colour

_COLOURS = {1: "bold red", 2: "yellow", 3: "cyan", 4: "dim"}
_WORDS = {1: "error", 2: "warning", 3: "information", 4: "hint"}
_PAUSE = 0.12
_CODE_WIDTH = 86


class Stage:
    """A console of fixed width on which the stations of the demo appear."""

    def __init__(self, picture: Path | None = None) -> None:
        colours = wants_colour(sys.stdout) or picture is not None
        self.console = Console(
            width=WIDTH,
            highlight=False,
            record=picture is not None,
            force_terminal=colours or None,
            color_system="truecolor" if picture else "auto",
            no_color=not colours,
        )
        self._picture = picture
        self._is_blank = False

    def title(self, words: str) -> None:
        """The first line."""
        self.console.print()
        self.console.print(Text.assemble(("Backend Expert", "bold cyan"), f"  {words}"))

    def station(self, title: str, words: str) -> None:
        """The heading of the next thing to see."""
        self.blank()
        head = Text(f"{title} ", style="bold cyan")
        self.console.print(Rule(head, align="left", style="cyan"))
        self.say(words, "dim")
        self.blank()

    def blank(self) -> None:
        """A blank line, unless there is one already."""
        if not self._is_blank:
            self.console.print()
        self._is_blank = True

    def say(self, words: str, style: str = "") -> None:
        """A line of prose."""
        self.console.print(Text(words, style=style))
        self._is_blank = False

    def finding(self, one: dict[str, Any], lines: list[str], uri: str) -> None:
        """A diagnostic: what is wrong, the rule, the code with carets, and what it rests on."""
        start, end = one["range"]["start"], one["range"]["end"]
        colour = _COLOURS[one["severity"]]
        place = f"{start['line'] + 1}:{start['character'] + 1}"
        message = Text.assemble(
            (f"{_WORDS[one['severity']]}: ", colour),
            (one["message"], "bold"),
            (f"  {place}", "dim"),
        )
        self.console.print(message)
        at: int = start["line"]
        line = lines[at]
        last = end["character"] if end["line"] == start["line"] else len(line)
        indent = len(line) - len(line.lstrip())
        shown = excerpt(line[indent:], start["character"] - indent, last - indent, _CODE_WIDTH)
        self._code(f"{start['line'] + 1:>5} │ ", Syntax("", "python").highlight(shown.line))
        self._code("      │ ", Text(shown.carets, style=colour))
        for related in one.get("relatedInformation", ()):
            there = related["location"]
            at = there["range"]["start"]["line"] + 1
            file = "" if there["uri"] == uri else f"{there['uri'].rpartition('/')[2]}:"
            where = f"{file}{at}" if file else f"line {at}"
            self._code("      │ ", Text(f"{where}: {related['message']}", style="dim"))
        self._code("      ╰ ", Text(one["code"], style="cyan dim"))
        self._is_blank = False
        self.blank()

    def _code(self, gutter: str, code: Text) -> None:
        code.rstrip()
        line = Text.assemble((gutter, "dim"), code)
        self.console.print(line, no_wrap=True, overflow="ellipsis", crop=True)

    def markdown(self, text: str) -> None:
        """A text as an editor would show it in a hover."""
        growing = Growing(self.console)
        growing.add(text)
        growing.end()
        self._is_blank = True

    def growing(self) -> Growing:
        """Room for an answer that comes in parts; people see it come."""
        return Growing(self.console, _PAUSE if self.console.is_terminal else 0)

    def choices(self, titles: list[tuple[str, bool]]) -> None:
        """The entries of a menu; the preferred one has a star."""
        for title, is_preferred in titles:
            mark = ("  ★ ", "bold yellow") if is_preferred else ("  • ", "dim")
            self.console.print(Text.assemble(mark, (title, "bold" if is_preferred else "")))
        self._is_blank = False

    def diff(self, lines: list[str]) -> None:
        """A change, coloured."""
        styles = {"+": "green", "-": "red", "@": "cyan"}
        for line in lines:
            style = styles.get(line[:1], "dim")
            shown = line if len(line) <= WIDTH - 2 else line[: WIDTH - 3] + "…"
            self.console.print(Text(f"  {shown}".rstrip(), style=style), no_wrap=True)
        self._is_blank = not (lines and lines[-1].strip())

    @contextmanager
    def unseen(self) -> Generator[None]:
        """What is printed meanwhile is left out of the picture."""
        recorded, self.console.record = self.console.record, False
        was_blank = self._is_blank
        try:
            yield
        finally:
            self.console.record = recorded
            self._is_blank = was_blank if recorded else self._is_blank

    def end(self) -> None:
        """Writes the picture, if there is to be one."""
        if self._picture is not None:
            # No font from elsewhere: a picture in a README should ask nobody for anything.
            svg_format = re.sub(
                r"@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL
            )
            self.console.save_svg(
                str(self._picture), title="backend-expert demo", code_format=svg_format
            )
