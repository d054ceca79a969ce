"""The house itself: rooms import downwards only, modules are small, the map names what exists."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tools import PACKAGE, ROOT, SERVER

LONGEST = 300
# module -> why it may be longer
LONG = {
    "facts/code.py": "the neutral shapes, one short class each, are read side by side",
    "lint/context.py": "what a rule may ask is one list of questions",
    "languages/python/expressions.py": "one function for each kind of expression",
}
MODULES = sorted(PACKAGE.rglob("*.py"))
ARCHITECTURE = SERVER / "ARCHITECTURE.md"


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_rooms_import_only_what_lies_below_them() -> None:
    # In a process of its own: import-linter sets up logging anew, for all that run after it.
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_only_the_personas_model_imports_the_sdk_and_none_at_the_start() -> None:
    def imports(nodes: list[ast.stmt]) -> set[str]:
        trees = [node for root in nodes for node in ast.walk(root)]
        plain = [alias.name for n in trees if isinstance(n, ast.Import) for alias in n.names]
        inner = [n.module or "" for n in trees if isinstance(n, ast.ImportFrom)]
        return {name.partition(".")[0] for name in plain + inner} & {"anthropic", "httpx2"}

    bodies = {named(path): ast.parse(path.read_text("utf-8")).body for path in MODULES}
    at_the_start = (ast.Import, ast.ImportFrom)
    assert {name for name, body in bodies.items() if imports(body)} == {"persona/model.py"}
    assert not imports([n for body in bodies.values() for n in body if isinstance(n, at_the_start)])


def _length(path: Path) -> int:
    """The lines of a module, without a rule's examples: those are its tests and its page."""
    text = path.read_text("utf-8")
    examples = [
        keyword.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and path.is_relative_to(PACKAGE / "rules")
        for keyword in node.keywords
        if keyword.arg == "examples"
    ]
    return text.count("\n") - sum((e.end_lineno or e.lineno) - e.lineno for e in examples)


def test_modules_are_short_or_have_a_reason() -> None:
    long = {named(p) for p in MODULES if _length(p) > LONGEST}
    assert long - LONG.keys() == set(), "split them, or say in LONG why they stay whole"
    assert {name for name in LONG if not (PACKAGE / name).is_file()} == set()


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_opens_with_its_sentence(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), "say what the file is for"


def test_every_path_that_the_map_names_exists() -> None:
    names = re.findall(r"`([\w.-]+(?:/[\w.<>*-]*)+)`", ARCHITECTURE.read_text("utf-8"))
    names = [name for name in names if not re.search(r"[<>*]", name)]
    assert names
    missing = [
        name for name in names if not any((at / name).exists() for at in (PACKAGE, SERVER, ROOT))
    ]
    assert missing == []


def test_the_map_names_every_room() -> None:
    text = ARCHITECTURE.read_text("utf-8")
    rooms = [at.name for at in PACKAGE.iterdir() if (at / "__init__.py").is_file()]
    assert [room for room in rooms if f"`{room}/`" not in text] == []
