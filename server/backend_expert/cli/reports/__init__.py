"""The output formats of `check`: one module each, chosen by name."""

from importlib import import_module
from typing import Protocol, TextIO, cast

from backend_expert.ide.report import Report


class Counts(Protocol):
    """What was counted on the way."""

    @property
    def files(self) -> int:
        """Files checked."""
        ...

    @property
    def lines(self) -> int:
        """Lines checked."""
        ...

    @property
    def fixed(self) -> int:
        """Fixes made."""
        ...

    @property
    def fixed_files(self) -> int:
        """Files they were made in."""
        ...


class Reporter(Protocol):
    """Takes the findings file by file, and says at the end what there is to say."""

    def file(self, name: str, reports: tuple[Report, ...]) -> None:
        """The findings of one file."""
        ...

    def end(self, counts: Counts) -> None:
        """All files are done."""
        ...


class Make(Protocol):
    """Makes a reporter that writes to `out`."""

    def __call__(self, out: TextIO, *, is_quiet: bool) -> Reporter: ...


def reporter(form: str, out: TextIO, *, is_quiet: bool = False) -> Reporter:
    """The reporter of a format: the function `make` of its module."""
    module = import_module(f"backend_expert.cli.reports.{form}")
    return cast("Make", module.make)(out, is_quiet=is_quiet)
