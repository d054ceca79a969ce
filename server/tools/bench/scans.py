"""Row: lines a second of a cold `check` by one process, in its own time and not by the clock."""

import resource
import subprocess
import sys
from pathlib import Path

from bench.sources import python_source
from bench.table import Rows

LEAST = 20_000


def scans(rows: Rows, folder: Path) -> None:
    """Checks a repository of a hundred thousand lines five times; the best counts.

    The time of the process itself grows with what others do on the machine, never the other way.
    """
    folder.mkdir()
    lines = 0
    for number in range(100):
        text = python_source(1_000, seed=number)
        lines += text.count("\n")
        (folder / f"service_{number}.py").write_text(text, "utf-8")
    command = [sys.executable, "-m", "backend_expert.cli", "check", str(folder)]
    command += ["--format", "json", "--jobs", "1"]
    rate = max(lines / _spent(command, folder) for _ in range(5))
    measured, target = f"{rate:,.0f} lines/s", f"≥ {LEAST:,} lines/s"
    rows.note("check, cold, one core", measured, target, rate >= LEAST)


def _spent(command: list[str], folder: Path) -> float:
    """Seconds of work that a command takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=False, cwd=folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
