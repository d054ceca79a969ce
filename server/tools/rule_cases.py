"""Reads the further examples of a rule, `tests/rules/cases/<area>/<rule>.md`.

The examples in a rule's file make its page; these hold each of its conditions. A fenced block is an
example: with caret marks it must be found, without it must be silent, and one that says `fixed` is
what the fix makes of the block before it. Behind the language may stand `path=`, `dialect=` and
`needs=name:version`.
"""

import re
from pathlib import Path

import msgspec
from backend_expert.lint.marks import read_marks
from backend_expert.lint.rule import Example

CASES = Path(__file__).resolve().parents[2] / "tests" / "rules" / "cases"
_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def cases_of(id: str) -> tuple[Example, ...]:
    """The further examples of the rule with this id."""
    path = CASES / f"{id.replace('-', '_')}.md"
    return read_cases(path.read_text("utf-8")) if path.is_file() else ()


def read_cases(text: str) -> tuple[Example, ...]:
    """The examples of a text in Markdown.

    Raises:
        ValueError: a block says a word that is none of the known.
    """
    found: list[Example] = []
    for language, words, code in _FENCE.findall(text):
        options = dict[str, str]()
        for word in words.split():
            key, _, value = word.partition("=")
            if key not in ("fixed", "path", "dialect", "needs"):
                raise ValueError(f"{word!r} says nothing; write fixed, path=, dialect= or needs=")
            options[key] = value
        if "fixed" in options:
            found[-1] = msgspec.structs.replace(found[-1], good=code)
            continue
        is_bad = bool(read_marks(code)[1])
        found.append(
            Example(
                good="" if is_bad else code,
                bad=code if is_bad else "",
                language=language,
                path=options.get("path", ""),
                dialect=options.get("dialect", ""),
                dependencies=dict(n.split(":") for n in options.get("needs", "").split(",") if n),
            )
        )
    return tuple(found)
