"""How the project tests: its framework and fixtures, and the tests that speak of the code."""

import re

from backend_expert.persona.around import root_of, surveys
from backend_expert.persona.brief import Section
from backend_expert.persona.cases import cases_in
from backend_expert.persona.entries import sections
from backend_expert.persona.extract import Extract
from backend_expert.persona.frameworks import fixtures, framework
from backend_expert.persona.place import Place
from backend_expert.workspace.survey import Survey

_SHARE = 8_000  # characters
_MOST = 4
_MOST_OF_A_FILE = 2
# Methods that every second class has: a test that names one may be about any of them.
_COMMON = frozenset(("__init__", "main", "save", "clean", "create", "update", "delete", "setUp"))


def build(place: Place) -> list[Section]:
    """The framework, what its fixtures are called, and a few of the tests."""
    found: list[Section] = []
    known = framework(place)
    if known.title:
        text = f"Tests are written with {known.title}."
        given = fixtures(place)
        if given:
            text += f"\nFixtures that they share: {', '.join(given)}."
        found.append(Section("How the project tests", text))
    survey = next(iter(surveys(place)), None)
    if survey is not None:
        entries = mentioning(place, survey)
        found += sections("Existing tests", entries, root_of(place), _SHARE)
    return found


def mentioning(place: Place, survey: Survey) -> list[Extract]:
    """The tests that name a function of the selection, or ask for the path of an endpoint."""
    names, paths = _subject(place)
    lower = {name.lower() for name in names}
    found: list[Extract] = []
    for path in survey.tests if names or paths else ():
        if path == place.checked.document.path:
            continue
        text = survey.text(path)
        if lower.isdisjoint(survey.words(path)) and not any(p in text for p in paths):
            continue
        found += cases_in(path, text, _says(names, paths), _MOST_OF_A_FILE)
        if len(found) >= _MOST:
            break
    return found[:_MOST]


def _subject(place: Place) -> tuple[frozenset[str], tuple[str, ...]]:
    """The names and the paths that a test of the selection has in its text."""
    names = {f.name for f, _, _ in place.functions() if len(f.name) > 3 and f.name not in _COMMON}
    fixed = [re.split(r"[{:<]", p.endpoint.path)[0].rstrip("/") for p in place.endpoints()]
    return frozenset(names), tuple(dict.fromkeys(path for path in fixed if len(path) > 1))


def _says(names: frozenset[str], paths: tuple[str, ...]) -> re.Pattern[str]:
    ways = [rf"\b{re.escape(name)}\b" for name in sorted(names)]
    ways += [rf"[\"'`]{re.escape(path)}(?=[\"'`/?])" for path in paths]
    return re.compile("|".join(ways))
