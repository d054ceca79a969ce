"""The rows: what was measured, its target, and whether it holds."""

import os
import platform
import statistics
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

MARKS = {True: "✓", False: "✗", None: ""}


class Rows:
    """What was measured so far, each told as soon as it is known."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, bool | None]] = []

    def at_most(self, what: str, figure: float, unit: str, most: float) -> None:
        """A figure that is better the lower it is."""
        self.note(what, f"{figure:.1f} {unit}", f"≤ {most:g} {unit}", figure <= most)

    def note(self, what: str, measured: str, target: str, holds: bool | None) -> None:
        """Any row; `holds` is None where there is no target."""
        self.rows.append((what, measured, target, holds))
        print(f"  {what}: {measured} {MARKS[holds]}", flush=True)

    @property
    def hold(self) -> bool:
        """Whether every target holds."""
        return all(holds is not False for *_, holds in self.rows)

    def show(self) -> None:
        """The whole table, on the terminal."""
        table = Table(title="Backend Expert on this machine")
        for head in ("what", "measured", "target", ""):
            table.add_column(head)
        for what, measured, target, holds in self.rows:
            table.add_row(what, measured, target, MARKS[holds])
        Console(width=120).print(table)

    def write(self, path: Path) -> None:
        """The whole table, as a page."""
        lines = [
            "# Measured",
            "",
            f"`make bench` on {os.cpu_count()} cores, Python {platform.python_version()}.",
            "",
            "| what | measured | target | |",
            "| --- | --- | --- | --- |",
            *(f"| {w} | {m} | {t} | {MARKS[holds]} |" for w, m, t, holds in self.rows),
        ]
        path.write_text("\n".join(lines) + "\n", "utf-8")


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]
