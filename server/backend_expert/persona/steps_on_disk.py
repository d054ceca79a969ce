"""The schema's steps as the project's migrations have them: what each does to which table."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

import msgspec

from backend_expert.flow.queries import statements
from backend_expert.lint.checked import Scope
from backend_expert.lint.ddl import Change, migration_of
from backend_expert.lint.ddl.statements import changes_in
from backend_expert.lint.opened import opened
from backend_expert.persona.extract import Extract, extract
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document
from backend_expert.workspace.survey import Survey

_MOST_IN_VAIN = 2  # files that name a table and do nothing to it
_LARGEST_CODE = 30_000  # characters
_FOR_NEW_DATABASES = re.compile(r"^\s+(?:replaces\s*=|initial\s*=\s*True)", re.M)
_NO_SCHEMA = frozenset(("write", "set", "begin", "commit", "code", "other"))


class DiskStep(msgspec.Struct, frozen=True, eq=False):
    """One change of the schema, and the statement or call that makes it."""

    change: Change
    told: Extract


def steps_of(survey: Survey, path: str, scope: Scope) -> tuple[DiskStep, ...]:
    """The changes that a migration or SQL file makes; kept with the survey."""
    kept = survey.notes.get(("steps", path))
    if isinstance(kept, tuple):
        return kept  # pyright: ignore[reportUnknownVariableType]
    document = survey.document(path)
    found: tuple[DiskStep, ...] = ()
    if document is not None:
        dialect = scope.settings.dialect or scope.project.dialect
        is_sql = document.language == "sql"
        found = tuple(
            _of_sql(document, dialect) if is_sql else _of_code(document, survey, path, scope)
        )
    survey.notes["steps", path] = found
    return found


def _of_sql(document: Document, dialect: str) -> Iterator[DiskStep]:
    for at, piece in enumerate(document.pieces):
        start = document.start_of(at)
        for query in statements(piece.item, dialect):
            told: Extract | None = None
            for change in changes_in(query, piece.item):
                if change.kind not in _NO_SCHEMA:
                    told = told or extract(document, query.span.moved(start), change.table)
                    yield DiskStep(change, told)


def _of_code(document: Document, survey: Survey, path: str, scope: Scope) -> Iterator[DiskStep]:
    file = opened(document, survey.relative(path), scope, None)
    migration = migration_of(file)
    places = {id(piece.item): at for at, piece in enumerate(document.pieces)}
    for change in migration.changes if migration is not None else ():
        at = places.get(id(change.item))
        if at is not None and change.kind not in _NO_SCHEMA:
            span = change.call.span if change.call is not None else change.span
            whole = Span(span.start, span.end).moved(document.start_of(at))
            yield DiskStep(change, extract(document, whole, change.table))


def naming(
    survey: Survey,
    paths: tuple[str, ...],
    scope: Scope,
    tables: AbstractSet[str],
    most: int,
) -> list[DiskStep]:
    """The steps that touch one of the tables, in order; of the latest files, at most so many."""
    found: list[list[DiskStep]] = []
    looked = 0
    for path in reversed(paths):
        if not _may_touch(survey, path, tables):
            continue
        looked += 1
        if len(found) >= most or looked > most + _MOST_IN_VAIN:
            break
        mine = [step for step in steps_of(survey, path, scope) if step.change.table in tables]
        if mine:
            found.append(mine)
    return [step for mine in reversed(found) for step in mine]


def _may_touch(survey: Survey, path: str, tables: AbstractSet[str]) -> bool:
    """Whether a file has one of the names at all, in code in quotes; without reading it."""
    named = tables & survey.words(path)
    if not named or path.endswith(".sql"):
        return bool(named)
    text = survey.text(path)
    if len(text) > _LARGEST_CODE or _FOR_NEW_DATABASES.search(text):
        return False
    return re.search(rf"[\"'](?:{'|'.join(map(re.escape, named))})[\"']", text, re.I) is not None
