"""Where the pieces of a document start, in characters and in lines.

A keystroke takes over the numbers of the version before and moves those behind the change: going
over all pieces costs a trip to memory for each, which in a long file is most of a keystroke.
"""

from collections.abc import Callable, Sequence
from itertools import accumulate
from operator import attrgetter

from backend_expert.workspace.piece import Piece

_TEXT: Callable[[Piece], str] = attrgetter("text")
_LINE_ENDS: Callable[[Piece], int] = attrgetter("line_ends")


class Offsets:
    """Offsets (`starts`) and lines before each piece, and at the end: one more than pieces."""

    __slots__ = ("lines", "starts")

    def __init__(self, starts: list[int], lines: list[int]) -> None:
        self.starts = starts
        self.lines = lines

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> "Offsets":
        """Counted afresh."""
        return cls(
            [0, *accumulate(map(len, map(_TEXT, pieces)))],
            [0, *accumulate(map(_LINE_ENDS, pieces))],
        )

    def replaced(self, first: int, fresh: Sequence[Piece], follows: int) -> "Offsets":
        """Those of the version where `fresh` stand for the pieces `first` to before `follows`."""
        return Offsets(
            _replaced(self.starts, first, [len(one.text) for one in fresh], follows),
            _replaced(self.lines, first, [one.line_ends for one in fresh], follows),
        )


def _replaced(known: list[int], first: int, sizes: list[int], follows: int) -> list[int]:
    found = known[:first]
    found += accumulate(sizes, initial=known[first])
    moved = found[-1] - known[follows]
    if moved:
        found += [number + moved for number in known[follows + 1 :]]
    else:
        found += known[follows + 1 :]
    return found
