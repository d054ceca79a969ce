"""Designing indexes: what each query needs, what is there, and what is missing as a statement."""

from collections.abc import Iterator

from backend_expert.facts.query import Query
from backend_expert.ide.index_needs import Need, needs_of, obstacles_of
from backend_expert.ide.views import PlacedQuery
from backend_expert.persona.brief import Brief
from backend_expert.persona.indexed import Indexed, Known, indexed
from backend_expert.persona.offline.words import count, listed, quoted, sentence

_MOST = 4
_LONGEST_NAME = 63  # PostgreSQL cuts what is longer


def answer(brief: Brief) -> Iterator[str]:
    """For each query: the need, the index that serves it or the one to make, and what hinders."""
    place = brief.place
    queries = [placed for placed in place.queries() if not placed.query.is_schema]
    if not queries:
        yield "There is no SQL query in the selection to design an index for. Queries that a "
        yield "mapper builds are not read as SQL here: log what it sends, and ask about that.\n\n"
        return
    known = indexed(place)
    dialect = place.checked.file.dialect
    made: set[str] = set()
    for placed in queries[:_MOST]:
        if len(queries) > 1:
            line = place.checked.document.position(placed.span.start)[0] + 1
            yield f"## Line {line}\n\n"
        yield from _query(placed, known, dialect, made)
    if len(queries) > _MOST:
        more = count(len(queries) - _MOST, "more query", "more queries")
        yield f"The selection has {more}: select fewer lines to read about them.\n\n"
    if made and dialect == "postgres":
        yield "`CREATE INDEX CONCURRENTLY` cannot run in a transaction: give it its own migration. "
        yield "When it fails it leaves an invalid index behind, which is to be dropped first.\n\n"


def _query(placed: PlacedQuery, known: Indexed, dialect: str, made: set[str]) -> Iterator[str]:
    query = placed.query
    needs = needs_of(query, known.columns)
    obstacles = obstacles_of(query)
    if not needs and not obstacles:
        yield _nothing(query)
    for need in needs:
        yield from _need(need, query, known, dialect, made)
    if obstacles:
        yield (
            "No plain index helps here; rewrite these first:\n\n"
            if not needs
            else ("Beside any index:\n\n")
        )
        yield "".join(f"- {line}\n" for line in obstacles) + "\n"


def _nothing(query: Query) -> str:
    if query.verb == "INSERT":
        return "An INSERT looks for no rows: each further index makes it slower.\n\n"
    return "No condition, join or sort of this query names a column that an index could serve.\n\n"


def _need(need: Need, query: Query, known: Indexed, dialect: str, made: set[str]) -> Iterator[str]:
    yield f"**{need.table}** is {_wanted(need)}.\n\n"
    there = known.serving(need, query)
    if there is not None:
        yield f"{sentence(_index(there))} serves this already. Nothing is to be done.\n\n"
        return
    if not known.is_seen(need.table):
        yield f"No SQL migration of the project creates `{need.table}`, so whether such an index "
        yield "exists is not known here: look before you make one.\n\n"
    part = known.starting(need)
    if part is not None:
        rest = [c for c in need.columns if c not in part.index.columns]
        if not rest and len(need.columns) <= len(part.index.columns):
            yield f"{sentence(_index(part))} has these columns in another order.\n\n"
        else:
            yield f"{sentence(_index(part))} finds a part of this: the rest is checked row by row. "
            yield "That is enough while few rows share these values.\n\n"
    name, statement = _statement(need, dialect)
    if name in made:
        yield f"The index `{name}` above serves this too.\n\n"
        return
    made.add(name)
    yield f"```sql\n{statement}\n```\n\n"
    yield f"{_order(need)}\n\n"


def _wanted(need: Need) -> str:
    """How rows are looked for, in words."""
    parts: list[str] = []
    if need.equal:
        parts.append(f"searched by equal {quoted(need.equal)}")
    if need.joined:
        parts.append(f"joined by {quoted(need.joined)}")
    if need.ranged:
        parts.append(f"bounded by {quoted(need.ranged)}")
    if need.sort:
        ways = [f"`{name}`{' descending' if down else ''}" for name, down in need.sort]
        cut = ", of which the first rows are wanted" if need.is_cut else ""
        parts.append(f"sorted by {listed(ways)}{cut}")
    return ", then ".join(parts)


def _index(known: Known) -> str:
    index = known.index
    columns = f"({', '.join(index.columns)})"
    only = f", only where `{index.condition}`" if index.condition else ""
    if index.name:
        return f"the index `{index.name}` `{columns}`{only} of `{known.path}`"
    return f"the {index.made_by} `{columns}` of `{known.path}`"


def _statement(need: Need, dialect: str) -> tuple[str, str]:
    name = "_".join((need.table, *need.columns, "idx"))[:_LONGEST_NAME].rstrip("_")
    down = {column for column, descends in need.sort if descends} if need.is_mixed else set[str]()
    columns = ", ".join(f"{c} DESC" if c in down else c for c in need.columns)
    if dialect == "postgres":
        return name, f"CREATE INDEX CONCURRENTLY {name} ON {need.table} ({columns});"
    if dialect == "mysql":
        made = f"CREATE INDEX {name} ON {need.table} ({columns})"
        return name, f"{made} ALGORITHM = INPLACE LOCK = NONE;"
    return name, f"CREATE INDEX {name} ON {need.table} ({columns});"


def _order(need: Need) -> str:
    """Why the columns stand in this order."""
    fixed, after = need.fixed, need.columns[len(need.fixed) :]
    said: list[str] = []
    if fixed and after:
        said.append(f"{quoted(fixed)} comes first, since one value of it is wanted.")
    names = tuple(name for name, _ in need.sort)
    if after and set(after) <= set(names):
        said.append("Then the rows lie in the order of the sort, so none are sorted.")
        if need.ranged and need.ranged[0] not in need.columns:
            said.append(f"The bound on {quoted(need.ranged)} is checked on the way.")
    elif after:
        said.append(f"{sentence(quoted(after))} comes last: behind a range nothing is in order.")
        if need.sort:
            said.append("The result is still sorted afterwards.")
    said.append("Every write of these columns pays for it: make it when the table is large.")
    return " ".join(said)


def serving(query: Query, known: Indexed) -> Iterator[str]:
    """For the tables of a query, by which index their rows are found; one line each."""
    for need in needs_of(query, known.columns):
        there = known.serving(need, query)
        part = known.starting(need)
        if there is not None:
            yield f"`{need.table}`: by {_index(there)}."
        elif not known.is_seen(need.table):
            continue
        elif part is not None:
            yield f"`{need.table}`: by {_index(part)} in part; the rest is checked row by row."
        else:
            yield (
                f"`{need.table}`: no index of the migrations begins with "
                f"{quoted(need.columns[:1])}, so all rows are read."
            )
