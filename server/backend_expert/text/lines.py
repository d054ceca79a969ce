"""Line tables: from an offset to a line and column and back."""

import re
from bisect import bisect_right

# The line ends of the Language Server Protocol; a form feed or U+2028 ends no line there.
LINE_END = re.compile(r"\r\n|\n|\r")


class LineTable:
    """Where each line of `text` starts. Lines and columns count from 0, in code points."""

    __slots__ = ("length", "starts")

    def __init__(self, text: str) -> None:
        self.length = len(text)
        self.starts = [0, *(found.end() for found in LINE_END.finditer(text))]

    def position(self, offset: int) -> tuple[int, int]:
        """The (line, column) of `offset`; past the end it is the end."""
        offset = min(max(offset, 0), self.length)
        line = bisect_right(self.starts, offset) - 1
        return line, offset - self.starts[line]

    def offset(self, line: int, column: int) -> int:
        """The offset of (line, column); a column past the line's end is the next line's start."""
        if line >= len(self.starts):
            return self.length
        start = self.starts[max(line, 0)]
        end = self.starts[line + 1] if line + 1 < len(self.starts) else self.length
        return min(start + max(column, 0), end)
