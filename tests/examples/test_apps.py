"""The examples are working backends: their own tests pass, before and after `check --fix`."""

from pathlib import Path

import pytest
from backend_expert.ide.fixes import faults
from backend_expert.workspace.document import Document

from tests.examples.apps import copy_of, node_tests, python_tests
from tests.examples.planted import FIXED, SHOP, check


@pytest.mark.parametrize("example", [SHOP, FIXED], ids=lambda path: path.name)
def test_the_examples_work(example: Path, tmp_path: Path) -> None:
    copy = copy_of(example, tmp_path)
    assert " passed" in python_tests(copy, tmp_path)
    assert " fail 0\n" in node_tests(copy, tmp_path)


def test_mending_leaves_a_shop_that_works(tmp_path: Path) -> None:
    copy = copy_of(SHOP, tmp_path)
    before = check(copy)
    check(copy, "--fix")
    after = check(copy)
    sure = [one for one in before if one["fix"] and one["fix"]["is_sure"]]
    assert len(sure) >= 5
    assert len(before) - len(after) >= len(sure)
    assert [one for one in after if one["fix"] and one["fix"]["is_sure"]] == []
    assert [name for name in sources(copy) if broken(copy / name)] == []
    assert " passed" in python_tests(copy, tmp_path)
    assert " fail 0\n" in node_tests(copy, tmp_path)


def sources(root: Path) -> list[str]:
    """The code of a folder, dependencies left out."""
    found = [path.relative_to(root) for path in root.rglob("*")]
    return [
        str(name)
        for name in found
        if name.suffix in (".py", ".js", ".ts", ".sql") and "node_modules" not in name.parts
    ]


def broken(path: Path) -> bool:
    """Whether the parser stumbles over a file."""
    text = path.read_text("utf-8")
    return faults(Document.open(path.as_uri(), text, path=str(path))) > 0
