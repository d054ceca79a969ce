"""Fixes: where missing imports go, and making all sure fixes of a file."""

from collections.abc import Iterator

import pytest
from backend_expert.facts.code import Call
from backend_expert.ide.fixes import edits_of, fix_all
from backend_expert.ide.imports import import_edits
from backend_expert.lint.checked import Checked, Problem, Scope
from backend_expert.lint.context import Context
from backend_expert.lint.finding import Finding, Fix
from backend_expert.lint.rule import Rule, Severity
from backend_expert.lint.run import RuleSet
from backend_expert.text.edit import Edit, apply
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document


def added(text: str, *statements: str, name: str = "a.py") -> str:
    document = Document.open(f"file:///{name}", text)
    return apply(text, dict.fromkeys(import_edits(document, statements)))


@pytest.mark.parametrize(
    ("text", "statement", "wanted"),
    [
        ("x = 1\n", "import os", "import os\n\nx = 1\n"),
        ("def f(): ...\n", "import os", "import os\n\n\ndef f(): ...\n"),
        ('"""D."""\n\nx = 1\n', "import os", '"""D."""\n\nimport os\n\nx = 1\n'),
        ('"""D."""\nx = 1\n', "import os", '"""D."""\n\nimport os\n\nx = 1\n'),
        ('"""D."""', "import os", '"""D."""\n\nimport os'),
        ("", "import os", "import os\n\n"),
        ("#!/bin/x\n# c\n\nx\n", "import os", "#!/bin/x\n# c\n\nimport os\n\nx\n"),
        ("import os\n", "import os", "import os\n"),
        ("import os.path\n", "import os", "import os\nimport os.path\n"),
        ("import abc\nimport sys\n", "import os", "import abc\nimport os\nimport sys\n"),
        ("import flask\n", "import os", "import os\n\nimport flask\n"),
        ("import os\n", "import flask", "import os\n\nimport flask\n"),
        (
            "from __future__ import annotations\nx = 1\n",
            "import os",
            "from __future__ import annotations\n\nimport os\nx = 1\n",
        ),
        ("import sys\r\n", "import os", "import os\r\nimport sys\r\n"),
        ("from a import b\n", "from a import b", "from a import b\n"),
        ("from a import c\n", "from a import b", "from a import b, c\n"),
        ("from a import b\n", "from a import c", "from a import b, c\n"),
        (
            "from a import (\n    b,\n)\n",
            "from a import c",
            "from a import (\n    b,\n)\nfrom a import c\n",
        ),
        ("from a import b  # x\n", "from a import c", "from a import b  # x\nfrom a import c\n"),
        ("from a import b as c\n", "from a import b", "from a import b as c\nfrom a import b\n"),
        ("try:\n    import ujson\nexcept E:\n    ujson = 0\n", "import ujson", None),
        ("import b; import c\n", "import a", "import a\nimport b; import c\n"),
        ('x = """\nimport os\n"""\n', "import os", 'import os\n\nx = """\nimport os\n"""\n'),
        (
            "if T:\n    import os\n\n\ndef f():\n    import sys\n",
            "import sys",
            "import sys\n\nif T:\n    import os\n\n\ndef f():\n    import sys\n",
        ),
    ],
)
def test_python_imports_are_placed(text: str, statement: str, wanted: str | None) -> None:
    assert added(text, statement) == (text if wanted is None else wanted)


def test_two_imports_at_one_place_are_both_made() -> None:
    assert added("x\n", "import os", "import sys") == "import os\n\nimport sys\n\nx\n"


@pytest.mark.parametrize(
    ("text", "statement", "wanted"),
    [
        (
            'import a from "a";\n\nf();\n',
            "import { x } from 'm'",
            'import a from "a";\nimport { x } from "m";\n\nf();\n',
        ),
        (
            "const a = require('a')\n\nf()\n",
            'import { x as y } from "m";',
            "const a = require('a')\nconst { x: y } = require('m')\n\nf()\n",
        ),
        (
            'import {\n  a,\n  b,\n} from "a";\nf();\n',
            'import m from "m"',
            'import {\n  a,\n  b,\n} from "a";\nimport m from "m";\nf();\n',
        ),
        (
            '#!/usr/bin/env node\n"use strict";\nf();\n',
            'import m from "m"',
            '#!/usr/bin/env node\n"use strict";\nimport m from "m";\n\nf();\n',
        ),
        (
            "module.exports = f();\n",
            'import m from "m"',
            'const m = require("m");\n\nmodule.exports = f();\n',
        ),
        ('import m from "m";\n', 'import m from "m"', 'import m from "m";\n'),
        ('const { x } = require("node:m");\n', 'import { x } from "m"', None),
    ],
)
def test_script_imports_are_placed(text: str, statement: str, wanted: str | None) -> None:
    assert added(text, statement, name="a.js") == (text if wanted is None else wanted)


# -- fixes ----------------------------------------------------------------------------------------


def a_rule(check: object) -> Rule:
    return Rule(
        "errors/test", "Test", Severity.WARNING, "", check, Call, frozenset(["python"]), ()
    )  # fmt: skip


def renaming(old: str, new: str, *imports: str, is_sure: bool = True) -> Rule:
    """A rule that renames calls of `old`."""

    def check(call: Call, ctx: Context) -> Iterator[Finding]:
        if ctx.source(call.callee) == old:
            fix = Fix("Rename", (Edit(call.callee.span, new),), imports, is_sure)
            yield Finding(call.span, f"call of {old}", fix)

    return a_rule(check)


def mended(text: str, *rules: Rule) -> tuple[str, int, int]:
    """The text after its fixes, how many were made and how many refused."""
    scope = Scope(RuleSet(rules))

    def check(document: Document) -> Checked:
        return Checked(document, "a.py", scope)

    fixed = fix_all(check(Document.open("file:///a.py", text)), check)
    return fixed.text, fixed.made, len(fixed.refused)


def test_all_fixes_of_a_file_are_made_with_one_import() -> None:
    text = "def f():\n    old()\n    old(old())\n"
    wanted = "import new\n\n\ndef f():\n    new.x()\n    new.x(new.x())\n"
    assert mended(text, renaming("old", "new.x", "import new")) == (wanted, 3, 0)


def test_a_fix_that_uncovers_another_is_followed() -> None:
    assert mended("a()\n", renaming("a", "b"), renaming("b", "c")) == ("c()\n", 2, 0)


def test_fixes_that_undo_each_other_end() -> None:
    assert mended("a()\n", renaming("a", "b"), renaming("b", "a"))[1] == 12


def test_a_fix_that_breaks_the_syntax_is_not_kept() -> None:
    text = "a()\nb()\n"
    assert mended(text, renaming("a", "(((")) == (text, 0, 1)
    assert mended(text, renaming("a", "((("), renaming("b", "c")) == ("a()\nc()\n", 1, 1)


def test_a_fix_in_a_broken_file_is_made_when_it_breaks_no_more() -> None:
    assert mended("a()\ndef f(:\n    pass\n", renaming("a", "b"))[0].startswith("b()\n")


def test_fixes_that_need_a_look_are_left() -> None:
    assert mended("a()\n", renaming("a", "b", is_sure=False)) == ("a()\n", 0, 0)


def test_edits_take_the_line_ends_of_the_file() -> None:
    def check(call: Call, ctx: Context) -> Iterator[Finding]:
        yield Finding(call.span, "x", Fix("Two", (Edit(Span(0, 0), "x = 1\ny = 2\n"),)))

    scope = Scope(RuleSet([a_rule(check)]))
    checked = Checked(Document.open("file:///a.py", "a()\r\n"), "a.py", scope)
    problems: list[Problem] = [problem for problem, _ in checked.all()]
    assert edits_of(checked, problems[0])[0].text == "x = 1\r\ny = 2\r\n"
