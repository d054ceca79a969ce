"""A free question: what the facts tell of the code, and where one would look further."""

from collections.abc import Iterator

from backend_expert.persona.around import root_of, surveys, tables, with_migrations
from backend_expert.persona.brief import Brief
from backend_expert.persona.context.tests import mentioning
from backend_expert.persona.entries import relative
from backend_expert.persona.offline import explain
from backend_expert.persona.offline.words import quoted
from backend_expert.persona.place import Place
from backend_expert.persona.steps_on_disk import naming

_MOST_FILES = 20


def answer(brief: Brief) -> Iterator[str]:
    """The explanation, then the files that have more to say."""
    yield from explain.answer(brief)
    lines = [*_definitions(brief), *_schema(brief.place), *_tests(brief.place)]
    if lines:
        yield "## Where to look further\n\n" + "".join(f"- {line}\n" for line in lines) + "\n"


def _definitions(brief: Brief) -> Iterator[str]:
    own = brief.place.checked.document.path
    paths = [
        section.title.partition(": ")[2]
        for section in brief.sections
        if section.title.startswith("Definitions used: ") and section.path != own
    ]
    if paths:
        yield f"What it uses is defined in {quoted(paths)}"


def _schema(place: Place) -> Iterator[str]:
    survey = with_migrations(place)
    touched = tables(place)
    if survey is None or not touched:
        return
    paths = tuple(path for path in survey.migrations if path.endswith(".sql"))
    steps = naming(survey, paths, place.checked.scope, touched.keys(), _MOST_FILES)
    files = dict.fromkeys(relative(step.told.path, root_of(place)) for step in steps)
    if files:
        names = dict.fromkeys(step.change.table for step in steps)
        yield f"The schema of {quoted(names)} is made in {quoted(files)}"


def _tests(place: Place) -> Iterator[str]:
    for survey in surveys(place)[:1]:
        for case in mentioning(place, survey):
            path = relative(case.path, root_of(place))
            yield f"Tested by `{case.name}` in `{path}`, line {case.line}"
