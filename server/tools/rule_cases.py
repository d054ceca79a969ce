"""Reads the further examples of a rule, `tests/rules/cases/<area>/<rule>.md`.

The examples in a rule's file make its page; these hold each of its conditions. A fenced block is an
example: with caret marks it must be found, without it must be silent, and one that says `fixed` is
what the fix makes of the block before it. Behind the language may stand `path=`, `dialect=`,
`needs=name:version`, `env=NAME` for what `.env.example` declares, and `related` where the places
that findings point to are marked too. A block with `file=PATH` is another file of the next example.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
from backend_expert.lint.marks import read_marks
from backend_expert.lint.rule import Example, Rule

_WORDS = ("fixed", "related", "path", "dialect", "needs", "env", "file")
CASES = Path(__file__).resolve().parents[2] / "tests" / "rules" / "cases"
_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def sides(rule: Rule) -> Iterator[tuple[Example, bool]]:
    """What must be found (true) and what must not, of the rule's examples and its further ones.

    The fixed text of a further one may hold what has no fix.
    """
    for example in rule.examples:
        if example.bad:
            yield example, True
        if example.good:
            yield example, False
    for example in cases_of(rule.id):
        yield example, bool(example.bad)


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
    files: dict[str, str] = {}
    for language, words, code in _FENCE.findall(text):
        options = dict[str, str]()
        for word in words.split():
            key, _, value = word.partition("=")
            if key not in _WORDS:
                raise ValueError(f"{word!r} says nothing; the words are {', '.join(_WORDS)}")
            options[key] = value
        if "file" in options:
            files[options["file"]] = code
            continue
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
                files=files,
                environment=tuple(n for n in options.get("env", "").split(",") if n),
                related="related" in options,
            )
        )
        files = {}
    return tuple(found)
