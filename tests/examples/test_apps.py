"""The examples are working backends: their own tests pass, before and after `check --fix`."""

from pathlib import Path

import pytest

from tests.examples.apps import copy_of, node_tests, python_tests
from tests.examples.planted import FIXED, SHOP, check


@pytest.mark.parametrize("example", [SHOP, FIXED], ids=lambda path: path.name)
def test_the_examples_work(example: Path, tmp_path: Path) -> None:
    copy = copy_of(example, tmp_path)
    assert " passed" in python_tests(copy, tmp_path)
    assert "# fail 0" in node_tests(copy, tmp_path)


def test_mending_leaves_a_shop_that_works(tmp_path: Path) -> None:
    copy = copy_of(SHOP, tmp_path)
    before = check(copy)
    check(copy, "--fix")
    after = check(copy)
    sure = [one for one in before if one["fix"] and one["fix"]["is_sure"]]
    assert len(sure) >= 5
    assert len(before) - len(after) >= len(sure)
    assert [one for one in after if one["fix"] and one["fix"]["is_sure"]] == []
    for path in copy.rglob("*.py"):
        compile(path.read_text("utf-8"), str(path), "exec")
    assert " passed" in python_tests(copy, tmp_path)
    assert "# fail 0" in node_tests(copy, tmp_path)
