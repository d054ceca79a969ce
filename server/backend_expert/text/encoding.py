"""Columns as clients count them: UTF-8 bytes, UTF-16 units or code points of one line.

A lone surrogate counts as what it would take if it were written: one UTF-16 unit, three bytes.
"""

from typing import Literal

Encoding = Literal["utf-8", "utf-16", "utf-32"]
ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")


def to_units(line: str, column: int, encoding: Encoding) -> int:
    """The client's column of a code point column; past the line's end it is the end."""
    column = min(max(column, 0), len(line))
    if encoding == "utf-32" or line.isascii():
        return column
    before = line[:column]
    if before.isascii():
        return column
    if encoding == "utf-16":
        return column + sum(1 for character in before if character > "\uffff")
    return len(before.encode("utf-8", "surrogatepass"))


def from_units(line: str, units: int, encoding: Encoding) -> int:
    """The code point column of a client's column; one inside a character is that character's."""
    units = max(units, 0)
    if encoding == "utf-32" or line.isascii():
        return min(units, len(line))
    if encoding == "utf-8":
        encoded = line.encode("utf-8", "surrogatepass")
        units = min(units, len(encoded))
        while units < len(encoded) and encoded[units] & 0xC0 == 0x80:
            units -= 1
        return len(encoded[:units].decode("utf-8", "surrogatepass"))
    column = 0
    for character in line:
        units -= 2 if character > "\uffff" else 1
        if units < 0:
            break
        column += 1
    return column
