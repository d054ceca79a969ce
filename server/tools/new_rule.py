"""Starts a rule: writes the file of `AREA/ID`, which says itself what is still missing."""

import re
import sys
from pathlib import Path

from backend_expert.rules import AREAS

RULES = Path(__file__).resolve().parents[1] / "backend_expert" / "rules"

_TEMPLATE = '''"""{title}: say here what goes wrong in production.

Say what to do instead, with numbers where there are any.

Leave it off where … (every rule has such a place).
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call
from backend_expert.lint import Context, Example, Finding, Severity, rule


@rule(
    title="{title}",
    severity=Severity.WARNING,
    languages=("python",),
    examples=[
        Example(
            bad="""
                todo()
                ^^^^^^ say what is wrong here
            """,
            good="""
                done()
            """,
        ),
        Example(good="near_miss()"),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    if ctx.called(call) == "todo":
        yield Finding(call.span, "say what is wrong here")
'''


def new_rule(id: str, title: str) -> Path:
    """Writes the file of a new rule.

    Raises:
        ValueError: the id is no id, its area is unknown, or the rule is there already.
    """
    if not re.fullmatch(r"[a-z]+/[a-z0-9]+(-[a-z0-9]+)*", id):
        raise ValueError(f"{id!r} is no rule id; write AREA/NAME-IN-KEBAB-CASE")
    area = id.partition("/")[0]
    if area not in AREAS:
        raise ValueError(f"there is no area {area!r}; the areas are {', '.join(AREAS)}")
    path = RULES / f"{id.replace('-', '_')}.py"
    if path.exists():
        raise ValueError(f"{path} is there already")
    path.write_text(_TEMPLATE.format(title=title), "utf-8")
    return path


def main(arguments: list[str]) -> int:
    """Writes the file and gives the exit code."""
    if len(arguments) not in (1, 2):
        print('usage: new_rule.py AREA/ID ["Title"]', file=sys.stderr)
        return 2
    words = arguments[0].rpartition("/")[2].replace("-", " ")
    title = arguments[1] if len(arguments) == 2 else words[:1].upper() + words[1:]
    try:
        path = new_rule(arguments[0], title)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")
    print(f"next: edit it, then .venv/bin/python -m pytest tests/rules -k {arguments[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
