"""Possessive groups mean the same on every Python 3.11, the one of Debian 12 too."""

import pytest
from backend_expert.languages.patterns import compiled


@pytest.mark.parametrize(
    ("pattern", "text", "end"),
    [
        (r"(?:a|bc)*+", "abcab", 4),  # the last round gives up after `b`, which it must give back
        (r"(?:[()]|\)x)++", "())x(", 3),
        (r"(?:a(?:b|cd)*+)*+", "abcdabc", 6),
        (r"[)*+(]*+\(?+", ")*+(", 4),
    ],
)
def test_a_round_that_gives_up_is_given_back(pattern: str, text: str, end: int) -> None:
    found = compiled(pattern).match(text)
    assert found is not None and found.end() == end
