"""Asks the tests of what rules share about a change: one that they fail on is noticed."""

import contextlib
import io
from pathlib import Path
from types import ModuleType

import pytest

_TESTS = Path(__file__).resolve().parents[2] / "tests" / "lint"


def tests_of(module: ModuleType) -> tuple[str, ...]:
    """The tests in `tests/lint` that speak of a module by its name."""
    speaking = (p for p in sorted(_TESTS.rglob("test_*.py")) if module.__name__ in p.read_text())
    return tuple(map(str, speaking))


def fail(tests: tuple[str, ...]) -> bool:
    """Whether some tests fail with the code that is loaded now."""
    if not tests:
        return False
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return pytest.main(["-qx", "-p", "no:cacheprovider", *tests]) != pytest.ExitCode.OK
