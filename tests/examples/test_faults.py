"""The planted faults of `examples/shop` are found, each at its place; `shop-fixed` is clean."""

import pytest
from backend_expert.rules import AREAS, all_rules

from tests.examples.planted import FIXED, SHOP, Fault, faults, is_found, reports

# Faults that no rule looks for yet, and those that the rule does not see yet. Both only shrink:
# the tests below fail as soon as one of them is found.
WITHOUT_RULE: set[str] = set()
NOT_SEEN: set[tuple[str, str]] = {
    ("api/shop/checkout.py", "consistency/external-call-in-transaction"),
}

KNOWN = {rule.id for rule in all_rules()}


def test_the_table_is_read() -> None:
    assert len(faults()) == 89
    assert {fault.rule.partition("/")[0] for fault in faults()} == set(AREAS)


@pytest.mark.parametrize("fault", faults(), ids=str)
def test_a_planted_fault_is_found(fault: Fault) -> None:
    if fault.rule not in KNOWN:
        assert fault.rule in WITHOUT_RULE, f"{fault.rule} is in FAULTS.md, and no rule is called so"
        return
    if (fault.file, fault.rule) in NOT_SEEN:
        assert not is_found(fault), f"{fault} is found now: take it out of NOT_SEEN"
        return
    assert is_found(fault), f"not found: {fault}"


def test_what_is_still_missing_is_still_missing() -> None:
    assert not WITHOUT_RULE & KNOWN, "these rules exist now: take them out of WITHOUT_RULE"
    rows = {(fault.file, fault.rule) for fault in faults()}
    assert rows >= NOT_SEEN
    assert {rule for _, rule in rows} >= WITHOUT_RULE


def test_findings_stand_only_where_faults_were_planted() -> None:
    planted = {(fault.file, fault.rule) for fault in faults()}
    stray = [
        f"{one.file}:{one.line} {one.rule}: {one.message}"
        for one in reports(SHOP)
        if not {(file, one.rule) for file in (one.file, *(f for f, _ in one.related))} & planted
    ]
    assert stray == []


def test_findings_come_in_all_ten_areas() -> None:
    assert {one.rule.partition("/")[0] for one in reports(SHOP)} == set(AREAS)


def test_the_mended_shop_has_no_finding() -> None:
    assert [f"{r.file}:{r.line} {r.rule}: {r.message}" for r in reports(FIXED)] == []
