"""The progress bar of long scans, on standard error, gone when the scan is done."""

from collections.abc import Generator
from contextlib import contextmanager
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from backend_expert.cli.checking import Progress as Silent


class Bar(Silent):
    """A bar that advances with the files and makes way for what is printed."""

    def __init__(self, count: int) -> None:
        self._console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("[bold]checking"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("files"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )
        self._task = self._progress.add_task("", total=count)

    def __enter__(self) -> "Bar":
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def advance(self, done: int) -> None:
        """So many files are done."""
        self._progress.update(self._task, completed=done)

    def say(self, message: str) -> None:
        """A message above the bar."""
        self._console.print(message, markup=False, highlight=False)

    @contextmanager
    def paused(self) -> Generator[None]:
        """The bar is taken off while findings are printed."""
        self._progress.stop()
        try:
            yield
        finally:
            self._progress.start()
