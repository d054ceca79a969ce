"""What every rule owes its reader: a title, a page that says when to leave it off, short messages."""

import re

import pytest
from backend_expert.lint.examples import expected
from backend_expert.lint.rule import Rule
from backend_expert.rules import AREAS, all_rules

every_rule = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)


def messages(rule: Rule) -> list[str]:
    return [
        mark.words.removesuffix(" …")
        for example in rule.examples
        if example.bad
        for mark in expected(example)[1]
    ]


@every_rule
def test_its_title_names_the_class(rule: Rule) -> None:
    assert rule.title
    assert rule.title[0] == rule.title[0].upper()
    assert not rule.title.endswith(".")
    assert len(rule.title) <= 70


@every_rule
def test_its_page_says_why_and_when_to_leave_it_off(rule: Rule) -> None:
    first, _, rest = rule.page.partition("\n\n")
    assert first.strip().endswith("."), "the page begins with a sentence"
    assert len(rest.split()) >= 25, "say what happens in production and what to do"
    assert re.search(r"[Ll]eave (it|this|the rule|this rule) (off|out|alone)", rule.page)


@every_rule
def test_it_has_a_marked_bad_example_and_a_near_miss(rule: Rule) -> None:
    assert messages(rule)
    assert any(example.good and not example.bad for example in rule.examples)


@every_rule
def test_its_messages_are_short_and_plain(rule: Rule) -> None:
    for message in messages(rule):
        assert len(message.split()) <= 12, message
        assert not message.endswith((".", "!")), message
        first = message.split()[0]
        is_name = first.startswith("`") or first.isupper() or not first[0].isalpha()
        assert is_name or first[0].islower() or any(c.isupper() for c in first[1:]), message


@every_rule
def test_its_id_and_weaknesses_are_well_formed(rule: Rule) -> None:
    assert rule.area in AREAS
    assert re.fullmatch(r"[a-z]+/[a-z0-9]+(-[a-z0-9]+)*", rule.id)
    assert all(0 < number < 2000 for number in rule.cwe)


def test_ids_are_unique_also_among_former_ones() -> None:
    names = [name for rule in all_rules() for name in (rule.id, *rule.formerly)]
    assert len(names) == len(set(names))
