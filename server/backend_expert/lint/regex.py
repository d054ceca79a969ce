"""Regular expressions that take exponential time on some texts, as far as that can be proved."""

import re

import msgspec

from backend_expert.text.pattern import pattern

_MOST = 1 << 30
_QUANTIFIER = pattern(r"(?:([*+?])|\{(\d*)(,?)(\d*)\})([?+]?)")
_WORDS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


class Piece(msgspec.Struct, frozen=True):
    """One quantified element: a character (set) as written, or a group with its alternatives.

    `is_fixed` marks what never gives back what it took (possessive, atomic) and what only looks.
    """

    text: str
    low: int = 1
    high: int = 1
    options: "tuple[tuple[Piece, ...], ...]" = ()
    is_fixed: bool = False

    @property
    def is_endless(self) -> bool:
        """Whether it may be repeated without end."""
        return self.high >= _MOST and not self.is_fixed

    @property
    def may_be_empty(self) -> bool:
        """Whether it can match nothing at all."""
        if self.low == 0 or self.text in ("^", "$", "\\b", "\\B", "\\A", "\\Z", "\\z", "(?"):
            return True
        return bool(self.options) and any(all(p.may_be_empty for p in o) for o in self.options)


def explosive(pattern: str, *, merges_sets: bool = False) -> str:
    """The part of a pattern that can match one text in exponentially many ways; empty if none.

    `merges_sets`: the engine makes one set of alternatives that are single characters, as
    Python's does.
    """
    try:
        options, _ = _alternatives(pattern, 0, 0)
    except (IndexError, RecursionError):
        return ""
    return next((found for option in options if (found := _worst(option, merges_sets))), "")


def _worst(sequence: tuple[Piece, ...], merges_sets: bool) -> str:
    for at, piece in enumerate(sequence):
        for option in piece.options:
            if found := _worst(option, merges_sets):
                return found
        # Only where something after it can fail are the other ways tried.
        can_fail = any(p.text == "$" or not p.may_be_empty for p in sequence[at + 1 :])
        if can_fail and piece.is_endless and piece.options and _is_ambiguous(piece, merges_sets):
            return piece.text
    return ""


def _is_ambiguous(group: Piece, merges_sets: bool) -> bool:
    """Whether a repeated group can split one text in many ways: `(a+)+`, `(\\w|\\d)+`."""
    for option in group.options:
        for at, piece in enumerate(option):
            others = (*option[:at], *option[at + 1 :])
            if piece.is_endless and all(other.may_be_empty for other in others):
                return True
    single = [o[0].text for o in group.options if len(o) == 1 and not o[0].options]
    overlap = str.__eq__ if merges_sets else _overlap
    return any(overlap(one, two) for i, one in enumerate(single) for two in single[i + 1 :])


def _overlap(one: str, two: str) -> bool:
    if one == two or "." in (one, two):
        return True
    for broad, narrow in ((one, two), (two, one)):
        if broad == "\\w" and (narrow == "\\d" or narrow in _WORDS):
            return True
        if broad == "\\d" and narrow.isdigit():
            return True
    return False


def _alternatives(text: str, at: int, depth: int) -> tuple[tuple[tuple[Piece, ...], ...], int]:
    """The alternatives from `at` to the group's end."""
    options: list[tuple[Piece, ...]] = []
    sequence: list[Piece] = []
    while at < len(text) and not (text[at] == ")" and depth):
        if text[at] == "|":
            options.append(tuple(sequence))
            sequence = []
            at += 1
            continue
        piece, at = _piece(text, at, depth)
        sequence.append(piece)
    return (*options, tuple(sequence)), at


def _piece(text: str, at: int, depth: int) -> tuple[Piece, int]:
    start, options, is_fixed, word = at, (), False, ""
    if text[at] == "(":
        head = re.compile(r"\((?:\?(?:P?<\w+>|[:>]|<?[=!]|[aiLmsux-]*:?))?").match(text, at)
        opened = head[0] if head else "("
        is_fixed = opened == "(?>"
        options, at = _alternatives(text, at + len(opened), depth + 1)
        at += 1
        if opened in ("(?=", "(?!", "(?<=", "(?<!"):
            options, word = (), "(?"
    elif text[at] == "[":
        at += 2 if text[at + 1 : at + 2] != "^" else 3
        while text[at] != "]":
            at += 2 if text[at] == "\\" else 1
        at += 1
    else:
        at += 2 if text[at] == "\\" else 1
    word = word or text[start:at]
    low, high = 1, 1
    found = _QUANTIFIER.match(text, at)
    if found and (found[1] or found[2] or found[4]):
        low, high = _bounds(found)
        is_fixed = is_fixed or found[5] == "+"
        at = found.end()
        word = text[start:at] if options else word
    return Piece(word, low, high, options, is_fixed), at


def _bounds(found: re.Match[str]) -> tuple[int, int]:
    if found[1]:
        return {"*": (0, _MOST), "+": (1, _MOST), "?": (0, 1)}[found[1]]
    low = int(found[2] or 0)
    return low, (int(found[4]) if found[4] else _MOST) if found[3] else low
