"""`--format json`: a list of objects, one for each finding."""

from typing import TextIO

import msgspec

from backend_expert.cli.reports import Counts, Reporter
from backend_expert.ide.report import Report


class Json:
    """Writes the list as it grows, so that a large one is never held in memory."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._between = "[\n  "

    def file(self, name: str, reports: tuple[Report, ...]) -> None:
        """The findings of one file."""
        for report in reports:
            self._out.write(self._between + encoded(report))
            self._between = ",\n  "

    def end(self, counts: Counts) -> None:
        """Closes the list."""
        self._out.write("[]\n" if self._between.startswith("[") else "\n]\n")


def encoded(value: object) -> str:
    """A value as JSON; lone surrogates, which no JSON can hold, become question marks."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        import json

        plain = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
        return plain.encode("utf-8", "replace").decode()


def make(out: TextIO, *, is_quiet: bool) -> Reporter:
    """A JSON reporter."""
    return Json(out)
