"""Source excerpts for a terminal: one line, with carets under the exact columns."""

import unicodedata
from collections.abc import Sequence

import msgspec

TAB = 4
_MARK = "…"


class Excerpt(msgspec.Struct, frozen=True):
    """A line as it is shown, and the carets below it, both from the same left edge."""

    line: str
    carets: str


def excerpt(line: str, start: int, end: int, width: int = 120) -> Excerpt:
    """The part of `line` around the code points `[start, end)`, no wider than `width` cells."""
    start = min(max(start, 0), len(line))
    end = min(max(end, start), len(line))
    cells = [_shown(character) for character in line]
    first, last = _window(cells, start, end, width)
    before, within = cells[first:start], cells[start : min(end, last)]
    lead = _MARK if first else ""
    tail = _MARK if last < len(line) else ""
    text = "".join(cell for cell in cells[first:last])
    indent = cell_width(lead) + cell_width("".join(before))
    carets = max(cell_width("".join(within)), 1)
    return Excerpt((lead + text + tail).rstrip(), " " * indent + "^" * carets)


def _window(cells: Sequence[str], start: int, end: int, width: int) -> tuple[int, int]:
    """The slice of a line that is shown: all of it, or what fits around the marked part."""
    widths = [cell_width(cell) for cell in cells]
    if sum(widths) <= width:
        return 0, len(cells)
    room = width - 2
    first = start
    wanted = min(sum(widths[start:end]) + width // 4, room)
    while first > 0 and sum(widths[first - 1 : start]) + wanted <= room:
        first -= 1
    last, used = first, 0
    while last < len(cells) and used + widths[last] <= room:
        used += widths[last]
        last += 1
    return first, max(last, min(start + 1, len(cells)))


def _shown(character: str) -> str:
    """A character as a terminal can show it: tabs as blanks, control characters as pictures."""
    if character == "\t":
        return " " * TAB
    if character >= " " and (character.isascii() or not _is_unshowable(character)):
        return "�" if character == "\x7f" else character
    return "�"


def _is_unshowable(character: str) -> bool:
    """Lone surrogates and control characters; bidirectional controls would turn the line around."""
    if unicodedata.category(character) in ("Cs", "Cc"):
        return True
    return "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"


def cell_width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
