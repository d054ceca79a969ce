"""Checking keystroke by keystroke gives what checking afresh gives."""

import pytest
from backend_expert.lint.checked import Checked, Scope
from backend_expert.lint.run import RuleSet
from backend_expert.rules import all_rules
from backend_expert.text.encoding import ENCODINGS, from_units, to_units
from backend_expert.workspace.document import Document
from hypothesis import HealthCheck, given, settings
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
