"""Secrets that have neither format nor name: words that only a machine makes up."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Protocol, cast

from backend_expert.lint.secrets import is_random
from backend_expert.persona.gate.found import Found, secret, windows

_WORD = re.compile(r"[A-Za-z0-9+/_-]{20,400}={0,2}")
_SPOKEN = re.compile(
    r"(?:[A-Z]?[a-z]*|[A-Z]+|v?\d{1,8})(?:[/_=-]+(?:[A-Z]?[a-z]*|[A-Z]+|v?\d{1,8}))+"
)
_PUBLIC_HASH = re.compile(r"sha(?:1|256|384|512)-")
_SHORTEST_HEX = 16


class _Plugin(Protocol):
    entropy_limit: float

    def analyze_string(self, string: str) -> Iterator[str]: ...
    def calculate_shannon_entropy(self, data: str) -> float: ...


def by_entropy(text: str) -> Iterator[Found]:
    """The words of a text, quoted or not, that look like keys."""
    for start, part in windows(text):
        for found in _WORD.finditer(part):
            word = found[0].strip("=_-/")
            if is_random(word) and not _is_spoken(word):
                yield secret(start + found.start(), start + found.end())
        for word in _quoted(part):
            at = part.find(word)
            while at >= 0:
                yield secret(start + at, start + at + len(word))
                at = part.find(word, at + len(word))


def _quoted(text: str) -> set[str]:
    found: set[str] = set()
    for plugin in _plugins():
        for word in plugin.analyze_string(text):
            if len(word) < _SHORTEST_HEX or _is_spoken(word):
                continue
            if plugin.calculate_shannon_entropy(word) > plugin.entropy_limit:
                found.add(word)
    return found


def _is_spoken(word: str) -> bool:
    """Whether it is words and numbers in a row (`migrations/20260301_orders`), the letters in
    their own order, or a public hash."""
    steps = sum(ord(b) - ord(a) == 1 for a, b in pairwise(word))
    in_order = steps > 0.6 * len(word)
    return in_order or bool(_SPOKEN.fullmatch(word) or _PUBLIC_HASH.match(word))


@cache
def _plugins() -> tuple[_Plugin, ...]:
    module = import_module("detect_secrets.plugins.high_entropy_strings")
    return (
        cast(_Plugin, module.Base64HighEntropyString()),
        cast(_Plugin, module.HexHighEntropyString()),
    )
