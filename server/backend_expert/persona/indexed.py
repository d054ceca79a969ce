"""The indexes and columns of the tables that a place's queries touch, out of the migrations."""

import msgspec

from backend_expert.facts.query import Query
from backend_expert.ide.index_needs import Need
from backend_expert.ide.indexes import Index, columns_of, indexes_of
from backend_expert.persona.around import root_of, surveys, tables, with_migrations
from backend_expert.persona.entries import relative
from backend_expert.persona.place import Place
from backend_expert.persona.steps_on_disk import naming, steps_of

_MOST_FILES = 40


class Known(msgspec.Struct, frozen=True):
    """An index, and the file that makes it."""

    index: Index
    path: str


class Indexed(msgspec.Struct, frozen=True):
    """What is known of tables; of one whose columns are not there, nothing is sure."""

    indexes: tuple[Known, ...] = ()
    columns: dict[str, frozenset[str]] = {}

    def is_seen(self, table: str) -> bool:
        """Whether the table's own statement was read."""
        return table in self.columns

    def serving(self, need: Need, query: Query) -> Known | None:
        """An index by which the rows of a need are found, without reading others."""
        for known in self.indexes:
            index = known.index
            if index.table != need.table or not index.is_plain or not index.columns:
                continue
            if index.condition and not _says(query, index.condition):
                continue
            if index.is_unique and not index.condition and set(index.columns) <= set(need.equal):
                return known
            count = len(need.fixed)
            leads = set(index.columns[:count]) == set(need.fixed)
            rest = need.columns[count:]
            if leads and index.columns[count : count + len(rest)] == rest:
                return known
        return None

    def starting(self, need: Need) -> Known | None:
        """An index that serves a need in part: it begins with some of what is compared."""
        best: tuple[int, Known] | None = None
        for known in self.indexes:
            index = known.index
            if index.table != need.table or not index.is_plain or index.condition:
                continue
            wanted = need.fixed or need.columns[:1]
            length = 0
            while length < len(index.columns) and index.columns[length] in wanted:
                length += 1
            if length and (best is None or length > best[0]):
                best = (length, known)
        return best[1] if best else None


def _says(query: Query, condition: str) -> bool:
    """Whether a query has the condition of a partial index, word for word."""
    return " ".join(condition.lower().split()) in " ".join(query.text.lower().split())


def indexed(place: Place) -> Indexed:
    """What the SQL of the project's migrations and schema files says of the place's tables."""
    survey = with_migrations(place) or next(iter(surveys(place)), None)
    touched = tables(place)
    if survey is None or not touched:
        return Indexed()
    paths = tuple(p for p in (*survey.schemas, *survey.migrations) if p.endswith(".sql"))
    indexes: dict[Known, None] = {}
    columns: dict[str, set[str]] = {}
    read: set[int] = set()
    gone: set[str] = set()
    for step in naming(survey, paths, place.checked.scope, touched.keys(), _MOST_FILES):
        query = step.change.query
        if query is None or id(query) in read:
            continue
        read.add(id(query))
        for index in indexes_of(query):
            indexes[Known(index, relative(step.told.path, root_of(place)))] = None
        for table, column in columns_of(query):
            columns.setdefault(table, set()).add(column)
    for path in paths:
        if "drop" in survey.words(path):
            steps = steps_of(survey, path, place.checked.scope)
            gone |= {step.change.name for step in steps if step.change.kind == "drop-index"}
    kept = tuple(known for known in indexes if known.index.name not in gone or not known.index.name)
    return Indexed(kept, {table: frozenset(names) for table, names in columns.items()})
