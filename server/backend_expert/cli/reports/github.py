"""`--format github`: workflow commands, which GitHub shows beside the changed lines."""

from typing import TextIO

from backend_expert.cli.reports import Counts, Reporter
from backend_expert.ide.report import Report

_COMMANDS = {"error": "error", "warning": "warning", "information": "notice", "hint": "notice"}


class GitHub:
    """One command a line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def file(self, name: str, reports: tuple[Report, ...]) -> None:
        """The findings of one file."""
        for report in reports:
            self._out.write(command(report) + "\n")

    def end(self, counts: Counts) -> None:
        """Nothing more."""


def command(report: Report) -> str:
    """`::warning file=…,line=…::message`. Columns only within one line, as GitHub takes them."""
    place = {"file": report.path, "line": str(report.line), "endLine": str(report.end_line)}
    if report.line == report.end_line:
        place |= {"col": str(report.column), "endColumn": str(report.end_column)}
    place["title"] = report.rule
    inner = ",".join(f"{key}={_property(value)}" for key, value in place.items())
    lines = [report.message, *(f"{p.path}:{p.line}: {p.message}" for p in report.related)]
    return f"::{_COMMANDS[report.severity]} {inner}::{_data(chr(10).join(lines))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def make(out: TextIO, *, is_quiet: bool) -> Reporter:
    """A reporter of workflow commands."""
    return GitHub(out)
