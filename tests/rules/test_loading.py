"""Every rule's file can be imported; one that cannot takes no other down."""

import logging

import backend_expert.rules as rules
import pytest


def test_every_rule_can_be_imported() -> None:
    assert rules.broken_rules() == {}


def test_a_broken_rule_is_left_out_said_once_and_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    every = {rule.id for rule in rules.all_rules()}
    load = rules.import_module

    def broken(name: str) -> object:
        if name.endswith(".query_in_loop"):
            raise ImportError("no such thing")
        return object() if name.endswith(".sql_injection") else load(name)

    monkeypatch.setattr(rules, "import_module", broken)
    rules.all_rules.cache_clear()
    try:
        with caplog.at_level(logging.ERROR):
            left = {rule.id for rule in rules.all_rules()}
            rules.all_rules()
        assert every - left == {"performance/query-in-loop", "security/sql-injection"}
        assert set(rules.broken_rules()) == every - left
        assert len(caplog.records) == 2
    finally:
        monkeypatch.undo()
        rules.all_rules.cache_clear()
    assert {rule.id for rule in rules.all_rules()} == every
