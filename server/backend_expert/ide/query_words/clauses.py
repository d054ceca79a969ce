"""A SELECT clause by clause: one line for each that says something."""

from collections.abc import Iterator

from sqlglot import exp

from backend_expert.ide.query_words.conditions import all_of
from backend_expert.ide.query_words.phrases import code, counted, joined, listed, sentence
from backend_expert.ide.query_words.reads import (
    branches,
    group_key,
    limit_of,
    reading,
    sorting,
    total_name,
)
from backend_expert.ide.query_words.windows import window_lines
from backend_expert.ide.query_words.wording import Wording

_MOST_COLUMNS = 5


def clause_lines(query: exp.Expr, wording: Wording) -> list[str]:
    """The lines that explain a query, without bullets."""
    lines = list(step_lines(query, wording))
    if isinstance(query, exp.SetOperation):
        lines += [
            f"Query {number}: {sentence(reading(part, wording))}"
            for number, part in enumerate(branches(query), 1)
        ]
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
            yield f"**Step {name}** {sentence(_third(reading(step.this, wording)))}"
        else:
            yield f"**Step {name}** changes data: {wording.code(step.this)}."


def _third(words: str) -> str:
    return words[:1].lower() + words[1:]


def _select(query: exp.Select, wording: Wording) -> Iterator[str]:
    yield from source_lines(query, wording)
    if query.args.get("where"):
        yield f"**Keeps** rows where {all_of(query.args['where'], wording)}."
    group = query.args.get("group")
    if group is not None:
        yield _grouping(query, group, wording)
    if query.args.get("having"):
        yield f"**Keeps** groups where {all_of(query.args['having'], wording)}."
    yield from window_lines(query, wording)
    returned = _returned(query, wording)
    if returned:
        yield f"**Returns** {returned}."


def source_lines(query: exp.Expr, wording: Wording) -> Iterator[str]:
    """The tables, and how they are joined."""
    source = query.args.get("from_")
    joins: list[exp.Expr] = query.args.get("joins") or []
    if source is None:
        return
    is_plain = isinstance(source.this, exp.Table) and not joins
    if not is_plain or source.this.alias:
        yield f"**Starts** from {_source(source.this, wording)}."
    for join in joins:
        yield join_line(join, wording)


def _source(table: exp.Expr, wording: Wording) -> str:
    """A table, or a sub-query in its place, with its alias."""
    alias = table.alias
    if isinstance(table, exp.Subquery):
        words = f"a sub-query that {_third(reading(table.this, wording))}"
        return f"{words} (called {code(alias)})" if alias else words
    if isinstance(table, exp.Lateral):
        inner = table.this
        words = "a sub-query run for each row"
        if isinstance(inner, exp.Subquery):
            words += f", which {_third(reading(inner.this, wording))}"
        else:
            words = f"the result of {wording.code(inner)} for each row"
        return f"{words} (called {code(alias)})" if alias else words
    if not isinstance(table, exp.Table) or not isinstance(table.this, exp.Identifier):
        return f"the result of {wording.code(table)}"
    return f"{wording.table(table)} (as {code(alias)})" if alias else wording.table(table)


def join_line(join: exp.Expr, wording: Wording) -> str:
    """One join, what it matches on and what becomes of rows without a match."""
    table = _source(join.this, wording)
    side, kind = str(join.args.get("side") or ""), str(join.args.get("kind") or "")
    on, using = join.args.get("on"), join.args.get("using") or []
    is_always = isinstance(on, exp.Boolean) and on.this
    match = "" if on is None or is_always else f" where {all_of(on, wording, most=4)}"
    if using:
        match = f" with the same {listed([code(part.name) for part in using])}"
    if join.args.get("method") == "NATURAL":
        match = " with equal values in all columns of the same name"
    if kind in ("SEMI", "ANTI") or join.args.get("method") not in (None, "", "NATURAL"):
        return f"**Joins** {wording.code(join)}."
    if side == "LEFT":
        return f"**Adds** {table}{match}; rows without a match stay, with NULLs."
    if side == "RIGHT":
        return f"**Adds** {table}{match}; every row of {table} stays, matched or not."
    if side == "FULL":
        return f"**Adds** {table}{match}; rows of both sides stay, matched or not."
    if not match and not isinstance(join.this, exp.Lateral | exp.Unnest):
        return f"**Pairs** every row with every row of {table}."
    return f"**Joins** {table}{match}{'; rows without a match drop out' if match else ''}."


def _grouping(query: exp.Select, group: exp.Expr, wording: Wording) -> str:
    keys = [group_key(query, key) for key in group.expressions]
    special = [name for name in ("rollup", "cube", "grouping_sets") if group.args.get(name)]
    words = wording.columns(keys) if keys else "several sets of columns"
    if special:
        words += f" ({' and '.join(special).replace('_', ' ').upper()}: with subtotals)"
    return f"**Groups** by {words}: one row for each."


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
        on = distinct.args.get("on")
        once = f", only the first row for each {wording.columns(_in_tuple(on))}" if on else ""
        once = once or ", each combination once"
    if len(words) == 1 and isinstance(columns[0].unalias(), exp.Literal):
        return ""
    return listed(words, most=_MOST_COLUMNS) + once


def _in_tuple(node: exp.Expr) -> list[exp.Expr]:
    return node.expressions if isinstance(node, exp.Tuple) else [node.unnest()]


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
        keys = [_resolved(query, key) for key in order.expressions]
        yield f"**Sorts** {', then '.join(sorting(key, wording) for key in keys)}."
    limit, offset = limit_of(query), query.args.get("offset")
    skipped = f"**Skips** the first {wording.code(offset.expression)} rows" if offset else ""
    if limit is not None:
        rows = "row" if limit.name == "1" else "rows"
        stop = f"at most {wording.code(limit)} {rows}"
        yield f"{skipped}, then returns {stop}." if skipped else f"**Stops** after {stop[8:]}."
    elif skipped:
        yield f"{skipped}."
    for lock in query.args.get("locks") or []:
        yield _lock(lock)


def _resolved(query: exp.Expr, key: exp.Expr) -> exp.Expr:
    """A sort key with the column that a number stands for; sub-queries have no numbers."""
    if not isinstance(query, exp.Select) or not isinstance(key, exp.Ordered):
        return key
    column = group_key(query, key.this)
    if column is key.this:
        return key
    return exp.Ordered(this=column.copy(), desc=key.args.get("desc"))


def _lock(lock: exp.Expr) -> str:
    how = "for changing" if lock.args.get("update") else "against changes"
    of = [table.alias_or_name for table in lock.expressions]
    wait = lock.args.get("wait")
    rest = {True: "; fails at once if one is locked already", False: "; passes over locked rows"}
    words = joined(("**Locks** the rows", f"of {listed([code(name) for name in of])}" if of else ""))
    return f"{words} {how} until the transaction ends{rest.get(wait, '')}."


