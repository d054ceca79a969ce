"""Generated docs are fresh, and the tools that write files for us work."""

from pathlib import Path

import pytest

from tests.support.tools import tool

generate = tool("generate")
new_rule = tool("new_rule")


def test_docs_are_fresh() -> None:
    assert [path.name for path in generate.stale()] == [], f"run: {generate.COMMAND}"


def test_a_page_of_a_rule_that_is_gone_is_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate, "DOCS", tmp_path)
    generate.write()
    old = tmp_path / "rules" / "errors" / "gone.md"
    old.write_text(generate._NOTE + "gone")
    (tmp_path / "by-hand.md").write_text("stays")
    assert generate.stale() == [old]
    assert generate.write() == 1
    assert not old.exists()
    assert (tmp_path / "by-hand.md").exists()


def test_a_new_rule_is_a_whole_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_rule, "RULES", tmp_path)
    (tmp_path / "errors").mkdir()
    path = new_rule.new_rule("errors/lost-answer", "Answer that nobody reads")
    assert path == tmp_path / "errors" / "lost_answer.py"
    compile(path.read_text(), str(path), "exec")


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("lost-answer", "no rule id"),
        ("errors/Lost_Answer", "no rule id"),
        ("speed/lost-answer", "the areas are api"),
        ("errors/http-call-no-timeout", "there already"),
    ],
)
def test_a_wrong_rule_id_is_explained(id: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        new_rule.new_rule(id, "Title")
