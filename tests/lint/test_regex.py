"""Which patterns are called explosive: those that Python's own engine chokes on, and no others."""

import re
import subprocess
import sys

import pytest
from backend_expert.lint.regex import explosive

EXPLOSIVE = [
    ("^(a+)+$", "a" * 40 + "!"),
    (r"^(\w+\s?)*$", "a" * 40 + "!"),
    ("^([a-z]+ ?)+$", "a" * 40 + "!"),
    ("^(a|a)*$", "a" * 40 + "!"),
    (r"^(?:x(y*)*z)$", "x" + "y" * 40 + "!"),
]
HARMLESS = [
    "(a+)+",
    "^[a-z0-9]+(-[a-z0-9]+)*$",
    r"^(\d{3}-)+\d+$",
    r"^([a-z]+\.)+[a-z]+$",
    "^(?>a+)+$",
    "^(a++)+$",
    "^(ab|cd)*$",
    r"^[\w.+-]+@[\w-]+\.[\w.-]+$",
    "^(a?){3}$",
    "[",
    "(",
    "",
]


@pytest.mark.parametrize(("pattern", "text"), EXPLOSIVE)
def test_an_explosive_pattern_is_told(pattern: str, text: str) -> None:
    assert explosive(pattern, merges_sets=True)
    code = f"import re; re.match({pattern!r}, {text!r})"
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-c", code], timeout=0.7, check=False)


def test_alternatives_of_single_characters_are_one_set_to_some_engines() -> None:
    assert explosive(r"^(\w|\d)+$") == r"(\w|\d)+"
    assert explosive(r"^(\w|\d)+$", merges_sets=True) == ""


@pytest.mark.parametrize("pattern", HARMLESS)
def test_a_harmless_pattern_is_not(pattern: str) -> None:
    assert explosive(pattern) == ""


def test_the_harmless_ones_are_quick() -> None:
    for pattern in HARMLESS:
        try:
            compiled = re.compile(pattern)
        except re.error:
            continue
        for text in ("a" * 60 + "!", "a-" * 30 + "!", "ab" * 30 + "!", "111-" * 20 + "x"):
            compiled.match(text)
