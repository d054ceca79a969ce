"""What rules say they need spares asking them, and changes nothing of what is found."""

from pathlib import Path

import pytest
from backend_expert.facts.project import Project
from backend_expert.lint.checked import Checked, Scope
from backend_expert.lint.examples import expected
from backend_expert.lint.rule import Rule
from backend_expert.lint.run import RuleSet
from backend_expert.lint.settings import Settings
from backend_expert.rules import all_rules
from backend_expert.technologies.roles import ROLES
from backend_expert.workspace.document import Document

from tests.support.tools import tool

ROOT = Path(__file__).parents[2]
ENDINGS = {"python": "py", "javascript": "js", "typescript": "ts", "sql": "sql"}

WORDS = {"coroutine", "untrusted", "query"}
FILES = sorted(
    path
    for path in (ROOT / "examples").rglob("*")
    if path.suffix in (".py", ".ts", ".js", ".sql") and "node_modules" not in path.parts
)


def fail(rule: str, error: Exception) -> None:
    raise AssertionError(rule) from error


NEEDY = RuleSet(all_rules(), fail)
ASKED = RuleSet([tool("mutants_run").asked_everywhere(rule) for rule in all_rules()], fail)


def found(rules: RuleSet, text: str, path: str, scope: Scope) -> list[tuple[object, ...]]:
    document = Document.open(f"file:///{path}", text, path="/" + path)
    checked = Checked(document, path, Scope(rules, scope.settings, scope.project))
    return [(problem.rule.id, problem.finding, span) for problem, span in checked.all()]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_no_rule_misses_what_it_would_find_if_it_were_asked_everywhere(rule: Rule) -> None:
    for example, is_bad in tool("rule_cases").sides(rule):
        path = example.path or f"app/service.{ENDINGS[example.language]}"
        project = Project(dialect=example.dialect, dependencies=dict(example.dependencies))
        scope = Scope(NEEDY, Settings(dialect=example.dialect), project)
        text = expected(example)[0] if is_bad else example.good_text
        assert found(NEEDY, text, path, scope) == found(ASKED, text, path, scope)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_same_is_found_in_the_examples(file: Path) -> None:
    path = file.relative_to(ROOT).as_posix()
    text = file.read_text("utf-8")
    scope = Scope(NEEDY)
    assert found(NEEDY, text, path, scope) == found(ASKED, text, path, scope)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_what_a_rule_needs_is_a_role_or_a_known_word(rule: Rule) -> None:
    assert rule.needs <= ROLES.keys() | WORDS - {"query"}
    assert rule.beside <= ROLES.keys() | WORDS
