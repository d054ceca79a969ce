"""`--format text`: for people. Place and message, the code with carets, the reasons, a summary."""

import os
import shutil
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TextIO

import click

from backend_expert.cli.excerpt import excerpt
from backend_expert.cli.reports import Counts, Reporter
from backend_expert.ide.report import Place, Report
from backend_expert.rules import AREAS
from backend_expert.text.lines import LineTable
from backend_expert.workspace.documents import decoded

_COLOURS = {"error": "red", "warning": "yellow", "information": "blue", "hint": "cyan"}


class Text:
    """Prints findings as they come, and counts them by area."""

    def __init__(self, out: TextIO, *, is_quiet: bool, in_colour: bool, width: int) -> None:
        self._out = out
        self._is_quiet = is_quiet
        self._in_colour = in_colour
        self._width = width
        self._areas: Counter[str] = Counter()
        self._files = 0
        self._fixable = 0
        self._began = time.perf_counter()

    def file(self, name: str, reports: tuple[Report, ...]) -> None:
        """The findings of one file."""
        lines = _source(name)
        self._files += 1
        for report in reports:
            self._areas[report.area] += 1
            self._fixable += report.fix is not None and report.fix.is_sure
            self._out.write(self._finding(report, lines) + "\n\n")

    def _finding(self, report: Report, lines: list[str]) -> str:
        colour = _COLOURS[report.severity]
        place = self._style(f"{report.path}:{report.line}:{report.column}", bold=True)
        severity = self._style(report.severity, fg=colour, bold=True)
        rule = self._style(report.rule, fg="bright_black")
        shown = [f"{place} {severity} {report.message} {rule}"]
        gutter = len(str(report.line))
        if report.line <= len(lines):
            shown += self._code(report, lines[report.line - 1], gutter, colour)
        blank = " " * (gutter + 2)
        for related in report.related:
            shown.append(
                f"{blank}{self._style('│', fg='bright_black')} {self._reason(report, related)}"
            )
        if report.fix is not None:
            how = "--fix makes it" if report.fix.is_sure else "look it over first"
            shown.append(
                f"{blank}{self._style('+', fg='green')} {report.fix.title} "
                f"{self._style(f'({how})', fg='bright_black')}"
            )
        return "\n".join(shown)

    def _code(self, report: Report, line: str, gutter: int, colour: str) -> list[str]:
        goes_on = report.end_line > report.line
        end = len(line) if goes_on else report.end_column - 1
        part = excerpt(line, report.column - 1, end, max(self._width - gutter - 4, 40))
        bar = self._style("│", fg="bright_black")
        number = self._style(f"{report.line:>{gutter + 1}}", fg="bright_black")
        more = f" … to line {report.end_line}" if goes_on else ""
        carets = self._style(part.carets.lstrip() + more, fg=colour, bold=True)
        indent = " " * (len(part.carets) - len(part.carets.lstrip()))
        return [f"{number} {bar} {part.line}", f"{' ' * (gutter + 2)}{bar} {indent}{carets}"]

    def _reason(self, report: Report, related: Place) -> str:
        where = f"{related.line}:{related.column}"
        if related.path != report.path:
            where = f"{related.path}:{where}"
        return f"{self._style(where, fg='bright_black')} {related.message}"

    def end(self, counts: Counts) -> None:
        """The summary."""
        if self._is_quiet:
            return
        if counts.fixed:
            done = (
                f"Mended {_many(counts.fixed, 'finding')} in {_many(counts.fixed_files, 'file')}."
            )
            self._out.write(self._style(done, fg="green") + "\n")
        seconds = time.perf_counter() - self._began
        checked = f"{_many(counts.files, 'file')}, {_many(counts.lines, 'line')}, {seconds:.1f} s"
        total = self._areas.total()
        if not total:
            self._out.write(
                f"{self._style('Nothing found', fg='green', bold=True)} in {checked}.\n"
            )
            return
        found = self._style(_many(total, "finding"), bold=True)
        self._out.write(f"{found} in {_many(self._files, 'file')} (checked {checked}).\n")
        areas = [f"{area} {self._areas[area]}" for area in AREAS if self._areas[area]]
        self._out.write(self._style(" · ".join(areas), fg="bright_black") + "\n")
        if self._fixable:
            self._out.write(f"{_many(self._fixable, 'finding')} can be mended with --fix.\n")

    def _style(self, text: str, *, fg: str | None = None, bold: bool | None = None) -> str:
        return click.style(text, fg=fg, bold=bold) if self._in_colour else text


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _source(name: str) -> list[str]:
    """The lines of a file; none when it cannot be read any more."""
    try:
        text = decoded(Path(name).read_bytes())
    except OSError:
        return []
    starts = [*LineTable(text).starts, len(text)]
    return [text[a:b].rstrip("\r\n") for a, b in pairwise(starts)]


def wants_colour(out: TextIO) -> bool:
    """Whether to print colours: on a terminal, unless the user's environment says otherwise."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return out.isatty() and os.environ.get("TERM") != "dumb"


def make(out: TextIO, *, is_quiet: bool) -> Reporter:
    """A reporter for people."""
    in_colour = wants_colour(out)
    width = min(shutil.get_terminal_size((120, 24)).columns, 160) if out.isatty() else 160
    return Text(out, is_quiet=is_quiet, in_colour=in_colour, width=width)
