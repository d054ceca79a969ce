"""Every example of every rule: marks and findings agree exactly, fixes give the good text."""

import sys

import pytest
from backend_expert.ide.fixes import edits_of
from backend_expert.lint.examples import checked, expected, marks_of
from backend_expert.lint.rule import Example, Rule
from backend_expert.rules import all_rules
from backend_expert.text.edit import apply

from tests.support.tools import tool

cases = tool("rule_cases")
SIDES = [
    (pytest.param(rule, example, id=f"{rule.id}-{number}"), is_bad)
    for rule in all_rules()
    for number, (example, is_bad) in enumerate(cases.sides(rule), 1)
]
BAD = [one for one, is_bad in SIDES if is_bad]
GOOD = [one for one, is_bad in SIDES if not is_bad]


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_bad_is_found_exactly_where_it_is_marked(rule: Rule, example: Example) -> None:
    text, marks = expected(example)
    assert marks, "a bad example needs at least one mark"
    answer = checked(rule, example, text)
    shown = [(text[m.span.start : m.span.end], m.words) for m in marks_of(answer, example.related)]
    assert shown == [(text[m.span.start : m.span.end], m.words) for m in marks]
    assert marks_of(answer, example.related) == marks


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_good_is_silent(rule: Rule, example: Example) -> None:
    answer = checked(rule, example, example.good_text)
    assert marks_of(answer) == ()
    assert not any(piece.item.faults for piece in answer.document.pieces), "does not parse"


@pytest.mark.parametrize(("rule", "example"), [p for p in BAD if p.values[1].good])
def test_the_fix_turns_bad_into_good(rule: Rule, example: Example) -> None:
    text, _ = expected(example)
    answer = checked(rule, example, text)
    fixable = [problem for problem, _ in answer.all() if problem.finding.fix is not None]
    if not fixable and not hasattr(sys.modules[rule.check.__module__], "Fix"):
        return  # it leaves the mending to the reader
    edits = [edit for problem in fixable for edit in edits_of(answer, problem)]
    assert apply(text, dict.fromkeys(edits)) == example.good_text


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_every_rule_has_a_near_miss(rule: Rule) -> None:
    assert any(example.good and not example.bad for example in rule.examples)
    spoken = {e.language.replace("typescript", "javascript") for e in rule.examples if e.bad}
    assert spoken >= rule.languages, "a rule needs a bad example in each language it claims"


def test_every_file_of_cases_is_of_a_rule() -> None:
    known = {f"{rule.id.replace('-', '_')}.md" for rule in all_rules()}
    found = {p.relative_to(cases.CASES).as_posix() for p in cases.CASES.rglob("*") if p.is_file()}
    assert found - known == set()
