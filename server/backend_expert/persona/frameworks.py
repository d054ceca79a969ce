"""Which test framework a project uses: told by its dependencies, else by the tests themselves."""

import re

import msgspec

from backend_expert.persona.around import surveys
from backend_expert.persona.place import Place
from backend_expert.workspace.survey import Survey

_MOST_READ = 12
_FIXTURE = re.compile(r"^@(?:pytest\.|pytest_asyncio\.)?fixture\b[^\n]*\n(?:@[^\n]*\n)*"
                      r"(?:async\s+)?def\s+(\w+)", re.M)  # fmt: skip


class Framework(msgspec.Struct, frozen=True):
    """A test framework: its id, and its name as one writes it (with the plugin that matters)."""

    id: str = ""
    title: str = ""


_PYTHON = (
    (re.compile(r"^\s*(?:import|from) pytest\b|^(?:async )?def test_", re.M),
     Framework("pytest", "pytest")),
    (re.compile(r"\bunittest\b|\bTestCase\b"), Framework("unittest", "unittest")),
)  # fmt: skip
_SCRIPT = (
    (re.compile(r"['\"]vitest['\"]"), Framework("vitest", "Vitest")),
    (re.compile(r"['\"]node:test['\"]"), Framework("node", "node:test")),
    (re.compile(r"['\"]@jest/globals['\"]"), Framework("jest", "Jest")),
)
_BY_NAME = {
    "javascript": (("vitest", "Vitest"), ("jest", "Jest"), ("mocha", "Mocha"), ("ava", "AVA")),
    "python": (("pytest", "pytest"), ("nose2", "nose2")),
}


def framework(place: Place) -> Framework:
    """The framework of the place's language; without a name when neither tells."""
    family = place.checked.file.family
    dependencies = place.checked.file.project.dependencies
    for id, title in _BY_NAME.get(family, ()):
        if id in dependencies:
            return Framework(id, _with_plugin(title, dependencies))
    for survey in surveys(place)[:1]:
        found = _by_tests(survey, family)
        if found.id:
            return Framework(found.id, _with_plugin(found.title, dependencies))
    return Framework()


def _with_plugin(title: str, dependencies: dict[str, str]) -> str:
    for plugin in ("pytest-django", "pytest-asyncio", "anyio") if title == "pytest" else ():
        if plugin in dependencies:
            return f"{title} with {plugin}"
    return title


def _by_tests(survey: Survey, family: str) -> Framework:
    endings = (".py",) if family == "python" else (".js", ".ts", ".mjs", ".cjs", ".tsx", ".jsx")
    signs = _PYTHON if family == "python" else _SCRIPT
    counts: dict[Framework, int] = {}
    for path in [path for path in survey.tests if path.endswith(endings)][:_MOST_READ]:
        text = survey.text(path)
        for sign, found in signs:
            if sign.search(text):
                counts[found] = counts.get(found, 0) + 1
                break
    return max(counts, key=lambda one: counts[one]) if counts else Framework()


def fixtures(place: Place, most: int = 16) -> list[str]:
    """The fixtures of the project's conftest files, by name."""
    names: dict[str, None] = {}
    for survey in surveys(place)[:1]:
        for path in survey.tests:
            if path.endswith("conftest.py") and place.checked.file.family == "python":
                names.update(dict.fromkeys(_FIXTURE.findall(survey.text(path))))
    return list(names)[:most]
