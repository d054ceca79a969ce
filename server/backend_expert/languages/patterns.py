"""Patterns with possessive groups, compiled so that every Python 3.11 reads them alike."""

import re

from backend_expert.text.pattern import late

_CLASS = re.compile(r"\[\^?\]?(?:[^\]\\]|\\.)*\]", re.DOTALL)
_POSSESSIVE = re.compile(r"([*+?]|\{\d*,?\d*\})\+")


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern whose possessive groups, `(...)*+`, are written as atomic ones, `(?>(...)*)`.

    The two mean the same, but before Python 3.11.5 a possessive group that gives up inside a round
    stays where it gave up (python/cpython#106052): Debian 12 ships such a Python. It is compiled
    when it is first asked: a file needs the patterns of its own language alone.
    """
    return late(lambda: re.compile(_written(pattern), flags))


def _written(pattern: str) -> str:
    written: list[str] = []
    opened: list[int] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        size = 2 if character == "\\" else 1
        if character == "[" and (found := _CLASS.match(pattern, at)):
            size = found.end() - at
        elif character == "(":
            opened.append(len(written))
        written.append(pattern[at : at + size])
        at += size
        if character == ")":
            start = opened.pop()
            if quantifier := _POSSESSIVE.match(pattern, at):
                written[start] = "(?>" + written[start]
                written.append(quantifier[1] + ")")
                at = quantifier.end()
    return "".join(written)
