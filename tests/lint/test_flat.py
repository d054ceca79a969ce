"""A keystroke checks the item that it is in, however many others the file has."""

import pytest
from backend_expert.facts.item import Item
from backend_expert.lint.checked import Checked, Scope
from backend_expert.lint.context import CodeFile
from backend_expert.lint.run import Found, RuleSet
from backend_expert.lint.settings import DEFAULTS
from backend_expert.rules import all_rules
from backend_expert.workspace.document import Document

from tests.support.tools import tool

sources = tool("bench/sources")


@pytest.mark.parametrize(("language", "suffix"), [("python", "py"), ("typescript", "ts")])
def test_a_keystroke_checks_one_item(
    language: str, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked_items: list[Item] = []
    check_item = RuleSet.check_item

    def counted(self: RuleSet, file: CodeFile, item: Item) -> tuple[Found, ...]:
        checked_items.append(item)
        return check_item(self, file, item)

    monkeypatch.setattr(RuleSet, "check_item", counted)
    scope = Scope(RuleSet(all_rules()), DEFAULTS)
    name, text = f"service.{suffix}", sources.source(language, 1_000)
    document = Document.open(f"file:///{name}", text, path=f"/{name}", language=language)
    checked = Checked(document, name, scope)
    mark, _ = sources.MARKS[language]
    lines = [n for n, line in enumerate(text.split("\n")) if line.startswith(mark)]
    assert len(checked_items) > len(lines) > 10
    for line in lines:
        checked_items.clear()
        document = document.edited((line, len(mark)), (line, len(mark)), "0")
        checked = Checked(document, name, scope, checked)
        assert len(checked_items) == 1
