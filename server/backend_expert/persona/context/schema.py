"""The part of the schema that the code touches: the statements that made it, and mapped classes."""

from backend_expert.persona.around import models, root_of, surveys, tables, with_migrations
from backend_expert.persona.brief import Section
from backend_expert.persona.entries import sections
from backend_expert.persona.extract import Extract, definition
from backend_expert.persona.place import Place
from backend_expert.persona.steps_on_disk import naming

_SHARE = 10_000  # characters
_MOST_MODELS = 8
_MOST_FILES = 40


def build(place: Place) -> list[Section]:
    """What SQL migrations and schema files say of the tables, then the models of those tables."""
    touched = tables(place)
    entries = [*_statements(place, touched), *_models(place, touched)]
    return sections("Schema", entries, root_of(place), _SHARE)


def _statements(place: Place, touched: dict[str, None]) -> list[Extract]:
    survey = with_migrations(place) or next(iter(surveys(place)), None)
    if survey is None or not touched:
        return []
    paths = tuple(
        path
        for path in (*survey.schemas, *survey.migrations)
        if path.endswith(".sql") and path != place.checked.document.path
    )
    steps = naming(survey, paths, place.checked.scope, touched.keys(), _MOST_FILES)
    return list(dict.fromkeys(step.told for step in steps))


def _models(place: Place, touched: dict[str, None]) -> list[Extract]:
    known = list(models(place))
    for survey in surveys(place)[:1]:
        known += [model for model in survey.models if model.table in touched]
    found: dict[Extract, None] = {}
    for model in dict.fromkeys(known):
        if model.path == place.checked.document.path or len(found) >= _MOST_MODELS:
            continue
        document = next((s.document(model.path) for s in surveys(place)), None)
        told = definition(document, model.name) if document is not None else None
        if told is not None:
            found[told] = None
    return list(found)
