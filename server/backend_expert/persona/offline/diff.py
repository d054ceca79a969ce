"""Edits as a diff that a person can read."""

import difflib

from backend_expert.ide.fixes import together
from backend_expert.lint.checked import Problem
from backend_expert.persona.place import Place
from backend_expert.text.edit import apply


def diff_of(place: Place, problems: list[Problem]) -> str:
    """What the fixes of some problems change, as a fenced diff."""
    edits, _ = together(place.checked, problems)
    old = place.checked.document.text
    return diff(old, apply(old, edits))


def diff(old: str, new: str) -> str:
    """Two texts of one file as a fenced diff; the file is known, so its name is left out."""
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2))
    return "```diff\n" + "\n".join(lines[2:]) + "\n```"
