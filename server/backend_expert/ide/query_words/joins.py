"""The tables that a statement reads, and how it joins them."""

from collections.abc import Iterator

from sqlglot import exp

from backend_expert.ide.query_words.conditions import all_of
from backend_expert.ide.query_words.phrases import code, listed
from backend_expert.ide.query_words.reads import reading
from backend_expert.ide.query_words.tree import many
from backend_expert.ide.query_words.wording import Wording


def source_lines(query: exp.Expr, wording: Wording) -> Iterator[str]:
    """The tables, and how they are joined."""
    source = query.args.get("from_")
    joins: list[exp.Expr] = many(query, "joins")
    if source is None:
        return
    if joins or not isinstance(source.this, exp.Table):
        yield f"**Starts** from {_source(source.this, wording)}."
    for join in joins:
        yield join_line(join, wording)


def _source(table: exp.Expr, wording: Wording) -> str:
    """A table, or a sub-query in its place, with its alias."""
    alias = table.alias
    if isinstance(table, exp.Subquery):
        words = f"a sub-query that {_small(reading(table.this, wording))}"
        return f"{words} (called {code(alias)})" if alias else words
    if isinstance(table, exp.Lateral):
        inner = table.this
        words = "a sub-query run for each row"
        if isinstance(inner, exp.Subquery):
            words += f", which {_small(reading(inner.this, wording))}"
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
    on, using = join.args.get("on"), many(join, "using")
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
    is_table = isinstance(join.this, exp.Table) and isinstance(join.this.this, exp.Identifier)
    if not match and not kind and is_table and not is_cartesian(join, join.parent or join):
        return f"**Joins** {table}, matched by the filter."
    if not match and not isinstance(join.this, exp.Lateral):
        return f"**Pairs** every row with every row of {table}."
    return f"**Joins** {table}{match}{'; rows without a match drop out' if match else ''}."


def is_cartesian(join: exp.Expr, select: exp.Expr) -> bool:
    """Whether nothing links a table to the others, so that all rows are paired with all."""
    if not isinstance(join.this, exp.Table) or not isinstance(join.this.this, exp.Identifier):
        return False
    args = join.args
    if args.get("kind") == "CROSS" or args.get("on") or args.get("using") or args.get("method"):
        return False
    where = select.args.get("where")
    name = join.this.alias_or_name.lower()
    if where is None:
        return True
    linking = [
        node
        for node in where.find_all(exp.Predicate)
        if len({column.table.lower() for column in node.find_all(exp.Column)}) > 1
    ]
    columns = [column for node in linking for column in node.find_all(exp.Column)]
    bare = any(not column.table for column in where.find_all(exp.Column))
    return not bare and name not in {column.table.lower() for column in columns}


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]
