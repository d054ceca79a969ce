"""Every rule on code that is being typed: no line of an example may be missing for it to run."""

from collections.abc import Iterator

import pytest
from backend_expert.lint.examples import checked, expected
from backend_expert.lint.rule import Example, Rule
from backend_expert.rules import all_rules

from tests.support.tools import tool

cases = tool("rule_cases")


def broken(example: Example, is_bad: bool) -> Iterator[str]:
    """An example with each of its lines left out in turn, and with each opening sign."""
    text = expected(example)[0] if is_bad else example.good_text
    lines = text.splitlines(keepends=True)
    for at, line in enumerate(lines):
        if line.strip():
            yield "".join((*lines[:at], *lines[at + 1 :]))
        if line.endswith((":\n", "{\n", "(\n", "[\n")):
            yield "".join((*lines[:at], line[:-2] + "\n", *lines[at + 1 :]))


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rule_never_fails_on_broken_code(rule: Rule) -> None:
    for example, is_bad in cases.sides(rule):
        for text in broken(example, is_bad):
            checked(rule, example, text)
