"""What lies around a place: the workspace's root, surveys, the models and tables it touches."""

import os
import re
from functools import lru_cache

from backend_expert.facts.code import Class
from backend_expert.ide.views import context_of
from backend_expert.lint.ddl import migration_of
from backend_expert.persona.offline.steps import model_names
from backend_expert.persona.place import Place
from backend_expert.workspace.survey import Model, Survey, survey_of

_MAPPED = frozenset({"orm.read", "orm.write", "orm.query"})
_WORD = re.compile(r"\b[A-Z]\w+")


def root_of(place: Place) -> str:
    """The folder that the place's path counts from."""
    path, shown = place.checked.document.path or "", place.checked.file.path
    if path.replace(os.sep, "/").endswith("/" + shown):
        return path[: -len(shown) - 1]
    return os.path.dirname(path)


def surveys(place: Place) -> list[Survey]:
    """The survey of the place's project, then the one of the whole workspace if that is wider."""
    scope, root = place.checked.scope, root_of(place)
    roots = dict.fromkeys((scope.project.root or root, root))
    return [survey_of(scope.neighbours, one) for one in roots if one]


def with_migrations(place: Place) -> Survey | None:
    """The nearest survey that has migrations: services may share a database."""
    return next((survey for survey in surveys(place) if survey.migrations), None)


@lru_cache(maxsize=2)
def models(place: Place) -> tuple[Model, ...]:
    """The mapped classes that the place's calls read or write, or that it defines."""
    names: dict[str, None] = {}
    for item, start in place.items():
        context = context_of(place.checked, item)
        for site in context.sites:
            if site.call.span.moved(start).overlaps(place.span) and any(
                meaning.role in _MAPPED for meaning in site.meanings
            ):
                names.update(dict.fromkeys(model_names(site.call, context)))
        for statement in item.body:
            if isinstance(statement, Class) and statement.span.moved(start).overlaps(place.span):
                names[statement.name] = None
    if place.checked.file.family != "sql":
        # `Order.objects.filter(…)`, `order: Order`: a class of models, by its name alone.
        names.update(dict.fromkeys(_WORD.findall(place.text)))
    near = surveys(place)
    known = near[0].by_name if near else dict[str, list[Model]]()
    return tuple(model for name in names for model in known.get(name, ()))


@lru_cache(maxsize=2)
def tables(place: Place) -> dict[str, None]:
    """The tables that the place's queries, models or migration steps speak of, in lower case."""
    found: dict[str, None] = {}
    for placed in place.queries():
        found.update((table.name.lower(), None) for table in placed.query.tables())
    for model in models(place):
        if model.table:
            found[model.table] = None
        elif "django" in place.checked.file.project.technologies:
            found[model.name.lower()] = None  # as its migrations name it
    migration = migration_of(place.checked.file)
    if migration is not None:
        for change in migration.changes:
            start = place.checked.start_of(change.item)
            is_here = start is not None and change.span.moved(start).overlaps(place.span)
            if change.table and is_here:
                found[change.table] = None
    return found
