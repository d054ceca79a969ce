"""Checking keystroke by keystroke gives what checking afresh gives."""

import pytest
from backend_expert.lint.checked import Checked, Scope
from backend_expert.lint.examples import expected, opened, path_of, scope_of
from backend_expert.lint.rule import Example
from backend_expert.lint.run import RuleSet
from backend_expert.lint.settings import DEFAULTS
from backend_expert.rules import all_rules
from backend_expert.text.encoding import ENCODINGS, from_units, to_units
from backend_expert.workspace.document import Document
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.sources import SOURCES


def fail(rule: str, error: Exception) -> None:
    raise AssertionError(f"rule {rule} failed") from error


SCOPE = Scope(RuleSet(all_rules(), fail))
TYPED = st.sampled_from(
    ["x", "(", ")", '"', "'", '"""', "`", "${", "}", "\n", "\n    ", "#", "return ", "def f():\n    pass\n",
     "import requests\n", "class A:\n", "🙂", "await ", ", timeout=None", "SELECT ", "\\", "/*", "*/", "",
     "if x:\n", "    ", "\t", "\r\n", "const a = 1;\n", "async ", "self.", "request.args['q']"]
)  # fmt: skip
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), TYPED), min_size=1, max_size=6)


def described(checked: Checked) -> list[tuple[object, ...]]:
    """The findings with nothing left out that a user sees."""
    return [
        (p.rule.id, span, p.severity, p.finding.message, p.finding.fix, p.finding.related)
        for p, span in checked.all()
    ]


@pytest.mark.parametrize("name", SOURCES)
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(edits=EDITS)
@example(edits=[(0.5078125, 0, "("), (0.59375, 0, '"""')])  # a handler without a body
def test_every_edit_leaves_the_findings_of_a_fresh_check(
    name: str, edits: list[tuple[float, int, str]]
) -> None:
    text = SOURCES[name]
    document = Document.open(f"file:///{name}", text, path="/" + name)
    checked = Checked(document, name, SCOPE)
    for where, length, typed in edits:
        start = int(where * len(text))
        end = min(len(text), start + length)
        document = document.edited(document.position(start), document.position(end), typed)
        text = document.text
        checked = Checked(document, name, SCOPE, checked)
        fresh_document = Document.open(f"file:///{name}", text, path="/" + name)
        fresh = Checked(fresh_document, name, SCOPE)
        assert described(checked) == described(fresh)
        for _, span in checked.all():
            for encoding in ENCODINGS:
                line, column = document.position(span.start)
                units = to_units(document.line_text(line), column, encoding)
                assert from_units(document.line_text(line), units, encoding) == column


# Examples whose findings depend on other files, or on what the project declares.
BEYOND = [
    pytest.param(example, id=f"{rule.id}-{number}")
    for rule in all_rules()
    for number, example in enumerate(rule.examples, 1)
    if example.files or example.environment
]


@pytest.mark.parametrize("example", BEYOND)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(edits=EDITS)
def test_so_does_every_edit_of_a_file_that_depends_on_others(
    example: Example, edits: list[tuple[float, int, str]]
) -> None:
    text = expected(example)[0] if example.bad else example.good_text
    scope = scope_of(example, SCOPE.rules, DEFAULTS)
    document = opened(example, text)
    checked = Checked(document, path_of(example), scope)
    for where, length, typed in edits:
        start = int(where * len(text))
        end = min(len(text), start + length)
        document = document.edited(document.position(start), document.position(end), typed)
        text = document.text
        checked = Checked(document, path_of(example), scope, checked)
        fresh = Checked(opened(example, text), path_of(example), scope)
        assert described(checked) == described(fresh)


MODEL = """from django.db import models


class Order(models.Model):
    customer = models.ForeignKey("Customer", on_delete=models.PROTECT)
    number = models.TextField()


def report():
    return [order.customer.name for order in Order.objects.all()]
"""


def test_a_finding_goes_when_the_class_it_rests_on_changes() -> None:
    document = Document.open("file:///shop.py", MODEL, path="/shop.py")
    checked = Checked(document, "shop.py", SCOPE)
    assert [p.rule.id for p, _ in checked.all()] == ["performance/n-plus-one-relation"]
    start = MODEL.index("models.ForeignKey")
    document = document.edited(
        document.position(start), document.position(start + len("models.ForeignKey")), "made"
    )
    assert not list(Checked(document, "shop.py", SCOPE, checked).all())
