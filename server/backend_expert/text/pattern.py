"""Patterns that are compiled when they are first asked: most of a program's never are."""

import re
from collections.abc import Callable
from typing import Any, cast


class _Late:
    """Stands for a pattern; each method is the pattern's own from its first use on."""

    def __init__(self, make: Callable[[], re.Pattern[str]]) -> None:
        self._make = make

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._make(), name)
        setattr(self, name, found)
        return found


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern, compiled when it is first asked."""
    return late(lambda: re.compile(text, flags))


def late(make: Callable[[], re.Pattern[str]]) -> re.Pattern[str]:
    """The pattern that `make` gives, made when it is first asked."""
    return cast("re.Pattern[str]", _Late(make))
