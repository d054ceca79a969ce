"""A SELECT clause by clause: one line for each that says something."""

from collections.abc import Iterator

from sqlglot import exp

from backend_expert.ide.query_words.conditions import all_of
from backend_expert.ide.query_words.joins import source_lines
from backend_expert.ide.query_words.phrases import code, counted, joined, listed
from backend_expert.ide.query_words.reads import branches, limit_of, reading
from backend_expert.ide.query_words.sorting import meant_by, sort_words
from backend_expert.ide.query_words.totals import total_name
from backend_expert.ide.query_words.tree import many, one
from backend_expert.ide.query_words.windows import window_lines
from backend_expert.ide.query_words.wording import Wording

_MOST_COLUMNS = 5
_MOST_BRANCHES = 8
_NAMES: dict[type[exp.Expr], str] = {
    exp.Rollup: "ROLLUP",
    exp.Cube: "CUBE",
    exp.GroupingSets: "GROUPING SETS",
}
_SUBTOTALS = tuple(_NAMES)
# Parts of a SELECT that have no words here: they are named, so that nobody takes them for absent.
_UNEXPLAINED = {
    "qualify": "QUALIFY",
    "into": "INTO",
    "match": "MATCH_RECOGNIZE",
    "connect": "CONNECT BY",
    "sample": "TABLESAMPLE",
    "pivots": "PIVOT",
    "hint": "a hint to the planner",
}


def clause_lines(query: exp.Expr, wording: Wording) -> list[str]:
    """The lines that explain a query, without bullets; what its sentence says is not repeated."""
    lines = list(step_lines(query, wording))
    if isinstance(query, exp.SetOperation):
        parts = branches(query)
        for number, part in enumerate(parts[:_MOST_BRANCHES], 1):
            lines.append(f"**Query {number}** {_third(reading(part, wording))}.")
        if len(parts) > _MOST_BRANCHES:
            lines.append(f"… and {len(parts) - _MOST_BRANCHES} more queries.")
    if isinstance(query, exp.Select):
        lines += _select(query, wording)
    return [*lines, *_ending(query, wording)]


def step_lines(query: exp.Expr, wording: Wording) -> Iterator[str]:
    """What the parts of a WITH do."""
    steps = query.args.get("with_")
    if steps is None:
        return
    for step in steps.expressions:
        name = code(step.alias)
        if steps.args.get("recursive") and isinstance(step.this, exp.SetOperation):
            start = reading(branches(step.this)[0], wording)
            yield (
                f"**Step {name}** calls itself: it starts with a query that "
                f"{_third(start)}, and then adds rows found from those until there are no more."
            )
        elif isinstance(step.this, exp.Query):
            yield f"**Step {name}** {_third(reading(step.this, wording))}."
        else:
            yield f"**Step {name}** {_writing(step.this, wording)}."


def _writing(node: exp.Expr, wording: Wording) -> str:
    """What a step does that changes rows."""
    target = node.this.this if isinstance(node.this, exp.Schema) else node.this
    verbs: dict[type[exp.Expr], str] = {
        exp.Insert: "adds rows to",
        exp.Update: "changes rows of",
        exp.Delete: "deletes rows of",
    }
    verb = verbs.get(type(node))
    returned = " and passes them on" if node.args.get("returning") else ""
    return f"{verb} {wording.table(target)}{returned}" if verb else f"runs {wording.code(node)}"


def _third(words: str) -> str:
    return words[:1].lower() + words[1:]


def _select(query: exp.Select, wording: Wording) -> Iterator[str]:
    head = reading(query, wording)
    yield from source_lines(query, wording)
    where = all_of(query.args.get("where"), wording)
    if where and f"where {where}" not in head:
        yield f"**Keeps** rows where {where}."
    group = query.args.get("group")
    if group is not None:
        yield _grouping(query, group, wording)
    yield from _unexplained(query)
    if query.args.get("having"):
        yield f"**Keeps** groups where {all_of(query.args['having'], wording)}."
    yield from window_lines(query, wording)
    returned = _returned(query, wording)
    if returned and not _is_said(query, head):
        yield f"**Returns** {returned}."


def _unexplained(query: exp.Select) -> Iterator[str]:
    source = one(query, "from_")
    table = one(source, "this")
    for key, words in _UNEXPLAINED.items():
        if query.args.get(key) or (table is not None and table.args.get(key)):
            yield f"**Also** uses {words}, which is not explained here."


def _is_said(query: exp.Select, head: str) -> bool:
    """Whether the sentence has named the columns of the result already."""
    starts = ("Computes", "Checks", "Reads the different", "Counts", "Adds up", "Averages", "Finds")
    is_total = head.startswith(starts) and not query.args.get("group")
    return is_total or "'s `" in head or ": only `" in head or ": its `" in head


def _grouping(query: exp.Select, group: exp.Expr, wording: Wording) -> str:
    keys = [meant_by(query, key) for key in group.expressions]
    plain = [key for key in keys if not isinstance(key, _SUBTOTALS)]
    words = [wording.columns(plain)] if plain else []
    for key in [*keys, *many(group, "rollup"), *many(group, "cube"), *many(group, "grouping_sets")]:
        if isinstance(key, _SUBTOTALS):
            words.append(f"{wording.columns(key.expressions)} with subtotals ({_NAMES[type(key)]})")
    return f"**Groups** by {listed(words)}: one row for each."


def _returned(query: exp.Select, wording: Wording) -> str:
    columns: list[exp.Expr] = query.expressions
    if len(columns) == 1 and isinstance(columns[0], exp.Star) and query.args.get("joins"):
        return "every column of all these tables"
    if any(column.is_star for column in columns):
        words = [
            f"every column of {code(column.table)}"
            if isinstance(column, exp.Column)
            else "every column"
            if column.is_star
            else column_name(column, wording)
            for column in columns
            if column.is_star or not isinstance(column, exp.Column)
        ]
        plain = sum(isinstance(column, exp.Column) and not column.is_star for column in columns)
        words += [f"{plain} more"] if plain else []
    else:
        words = [column_name(column, wording) for column in columns]
    distinct = query.args.get("distinct")
    once = ""
    if distinct:
        once = "" if distinct.args.get("on") else ", each combination once"
    if len(words) == 1 and isinstance(columns[0].unalias(), exp.Literal):
        return ""
    return listed(words, most=_MOST_COLUMNS) + once


def column_name(column: exp.Expr, wording: Wording) -> str:
    """One column of the result: what it is, and what it is called."""
    inner = column.unalias()
    words = wording.code(inner)
    if isinstance(inner, exp.AggFunc):
        words = total_name(inner, wording)
    elif isinstance(inner, exp.Subquery):
        words = f"a sub-query's result ({_third(reading(inner.this, wording))})"
    elif isinstance(inner, exp.Case):
        words = f"a choice of {counted(len(inner.args['ifs']) + 1, 'value')} (CASE)"
    elif isinstance(inner, exp.Window) and column.alias:
        return code(column.alias)
    if isinstance(column, exp.Alias) and column.alias != inner.name:
        return f"{words} as {code(column.alias)}"
    return words


def _ending(query: exp.Expr, wording: Wording) -> Iterator[str]:
    order = query.args.get("order")
    if order is not None:
        keys = [sort_words(key, query, wording) for key in order.expressions]
        yield f"**Sorts** {', then '.join(keys)}."
    limit, offset = limit_of(query), query.args.get("offset")
    skipped = f"**Skips** the first {wording.code(offset.expression)} rows" if offset else ""
    is_check = isinstance(query, exp.Select) and reading(query, wording).startswith("Checks")
    if limit is not None and not is_check:
        rows = f"{wording.code(limit)} {'row' if limit.name == '1' else 'rows'}"
        yield f"{skipped}, then returns at most {rows}." if skipped else f"**Stops** after {rows}."
    elif skipped:
        yield f"{skipped}."
    for lock in many(query, "locks"):
        yield _lock(lock)


def _lock(lock: exp.Expr) -> str:
    how = "for changing" if lock.args.get("update") else "against changes"
    of = [table.alias_or_name for table in lock.expressions]
    wait = lock.args.get("wait")
    rest = {
        True: "; fails at once if another has locked one",
        False: "; rows that others have locked are passed over",
    }
    words = joined(
        ("**Locks** the rows", f"of {listed([code(name) for name in of])}" if of else "")
    )
    return (
        f"{words} {how} until the transaction ends{rest[wait] if isinstance(wait, bool) else ''}."
    )
