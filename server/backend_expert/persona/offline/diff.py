"""Edits as a diff that a person can read."""

import difflib

from backend_expert.ide.fixes import together
from backend_expert.lint.checked import Problem
from backend_expert.persona.place import Place
from backend_expert.text.edit import apply


def diff_of(place: Place, problems: list[Problem]) -> str:
    """What the fixes of some problems change, as a fenced unified diff."""
    edits, _ = together(place.checked, problems)
    old = place.checked.document.text
    return diff(old, apply(old, edits), place.checked.file.path)


def diff(old: str, new: str, path: str) -> str:
    """Two texts as a fenced unified diff."""
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), f"a/{path}", f"b/{path}", lineterm="", n=2
    )
    return "```diff\n" + "\n".join(lines) + "\n```"
