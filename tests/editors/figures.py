"""What the tests measured in the editors, printed after the results."""

import statistics
from collections.abc import Callable, Sequence

_lines: list[str] = []


def note(editor: str, what: str, milliseconds: Sequence[float]) -> None:
    """Keeps the times of something that an editor did many times."""
    ordered = sorted(milliseconds)
    late = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    middle = statistics.median(ordered)
    _lines.append(f"{editor}: {what}: median {middle:.1f} ms, p95 {late:.1f} ms, n={len(ordered)}")


def show(write: Callable[[str], object]) -> None:
    """Writes all of them, a line each."""
    for line in _lines:
        write(line)
