"""Proving a rule: a changed condition that no example notices is found, and accepted ones say why."""

from pathlib import Path

import pytest
from backend_expert.lint.rule import Example
from backend_expert.rules import rule_named

from tests.support.tools import PACKAGE, tool

cases = tool("rule_cases")
mutants = tool("mutants")
tool("mutants_swap")
run = tool("mutants_run")
tool("mutants_typed")
mutate = tool("mutate")


def rule_file(id: str) -> Path:
    return PACKAGE / "rules" / f"{id.replace('-', '_')}.py"


def test_each_change_of_a_proved_rule_is_noticed() -> None:
    proved = ("security/mass-assignment", "security/auth-route-without-rate-limit")
    count, left = mutate.unnoticed(map(rule_file, proved))
    assert count > 15
    assert [(one.line, one.change) for one in left] == []


def test_a_condition_that_no_example_holds_is_told() -> None:
    rule = rule_named("security/command-injection")
    assert rule is not None
    only = Example(
        bad="""
            import os
            from flask import request

            def show():
                os.system(request.args["name"])
                          ^^^^^^^^^^^^^^^^^^^^ untrusted query string runs as part of a shell command
        """,
    )
    found = run.survivors(rule_file(rule.id), examples={rule: [(only, True)]})
    changes = {one.change for one in found.alive}
    assert any(change.startswith("check: ") for change in changes)


def test_the_module_is_itself_again_after_its_changes() -> None:
    rule = rule_named("security/command-injection")
    assert rule is not None
    before = rule.check.__code__
    run.survivors(rule_file(rule.id))
    assert rule.check.__code__ is before


def test_changes_are_named_by_what_they_do() -> None:
    text = "def f(a, b):\n    if a and not b:\n        return\n    yield a == b\n"
    assert {one.key for one in mutants.mutants(text)} == {
        "f: always `a and (not b)`",
        "f: never `a and (not b)`",
        "f: without `a`",
        "f: without `not b`",
        "f: without the `not` of `not b`",
        "f: without `yield (a == b)`",
        "f: negated `a == b`",
    }
    words = [one.key for one in mutants.mutants("_A = {'x', 'y'}\n", words=True)]
    assert words == ["_A: without 'x'", "_A: without 'y'"]


def test_an_accepted_change_names_a_file_and_says_why() -> None:
    for file, changes in mutate.accepted().items():
        text = (PACKAGE / file).read_text("utf-8")
        known = {one.key for one in mutants.mutants(text)}
        assert set(changes) <= known, f"{file} has no such change any more"
        assert all(len(reason.split()) > 2 for reason in changes.values())


def test_cases_are_read_with_their_settings() -> None:
    text = "```sql path=a/b.sql dialect=mysql\nSELECT 1;\n```\n\n```python needs=flask:3.0\nx\n^ bad\n```\n"
    good, bad = cases.read_cases(text)
    assert (good.good, good.path, good.dialect) == ("SELECT 1;\n", "a/b.sql", "mysql")
    assert (bad.bad, bad.dependencies) == ("x\n^ bad\n", {"flask": "3.0"})
    with pytest.raises(ValueError, match="says nothing"):
        cases.read_cases("```sql dialekt=mysql\nSELECT 1;\n```\n")
