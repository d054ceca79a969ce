"""INSERT, UPDATE, DELETE, MERGE and TRUNCATE in words."""

from collections.abc import Iterator

from sqlglot import exp

from backend_expert.ide.query_words.clauses import step_lines
from backend_expert.ide.query_words.conditions import all_of
from backend_expert.ide.query_words.joins import join_line
from backend_expert.ide.query_words.phrases import code, counted, listed
from backend_expert.ide.query_words.reads import reading
from backend_expert.ide.query_words.subject import subject_of
from backend_expert.ide.query_words.tree import many
from backend_expert.ide.query_words.wording import Wording

Explained = tuple[str, list[str]]


def inserting(node: exp.Insert, wording: Wording) -> Explained:
    """The headline and the lines of an INSERT."""
    target = node.this.this if isinstance(node.this, exp.Schema) else node.this
    columns = node.this.expressions if isinstance(node.this, exp.Schema) else []
    table = wording.table(target)
    number = len(node.expression.expressions) if isinstance(node.expression, exp.Values) else 1
    head = f"Adds {_added(node, wording)} to {table}"
    is_replace = wording.query.verb == "REPLACE" or node.args.get("alternative") == "REPLACE"
    if is_replace:
        head += ", first deleting any row that has the same unique key"
    elif node.args.get("ignore") or node.args.get("alternative") == "IGNORE":
        head += ", passing over rows that break a constraint"
    head += _conflict_head(node.args.get("conflict"), number > 1)
    lines = list(step_lines(node, wording))
    if isinstance(node.expression, exp.Query):
        words = reading(node.expression, wording)
        lines.append(f"**The query** {words[:1].lower()}{words[1:]}.")
    if columns:
        lines.append(f"**Fills** {listed([code(wording.name(c)) for c in columns], most=8)}.")
    elif node.args.get("expression") is not None:
        lines.append("**Fills** all columns in the order of the table (none are named).")
    lines += _conflict(node.args.get("conflict"), wording)
    return head, [*lines, *_returning(node, wording)]


def _added(node: exp.Insert, wording: Wording) -> str:
    source = node.args.get("expression")
    if source is None:
        return "one row with default values"
    if not isinstance(source, exp.Values):
        return "the result of a query"
    rows: list[exp.Expr] = source.expressions
    if len(rows) == 1 and not isinstance(rows[0], exp.Tuple):
        return "rows that the code fills in"
    return counted(len(rows), "row")


def _conflict_head(conflict: exp.Expr | None, are_many: bool) -> str:
    if conflict is None:
        return ""
    if str(conflict.args.get("action")).upper().startswith("DO NOTHING"):
        return f", unless {'they are' if are_many else 'it is'} there already"
    return f", or updates {'those that are' if are_many else 'it if it is'} there already"


def _conflict(conflict: exp.Expr | None, wording: Wording) -> Iterator[str]:
    if conflict is None:
        return
    keys: list[exp.Expr] = many(conflict, "conflict_keys")
    keys = [key.this if isinstance(key, exp.Ordered) else key for key in keys]
    same = (
        f"a row with the same {wording.columns(keys)}"
        if keys
        else "a row that breaks a unique rule"
    )
    if conflict.args.get("duplicate"):
        same = "a row with the same unique key"
    if conflict.args.get("constraint"):
        same = f"a row that breaks {code(conflict.args['constraint'].name)}"
    if str(conflict.args.get("action")).upper().startswith("DO NOTHING"):
        is_known = bool(keys) or conflict.args.get("constraint") is not None
        case = f"there is {same}, nothing happens" if is_known else "a row breaks a unique rule"
        yield f"**If** {case}." if is_known else f"**If** {case}, it is left out."
        return
    where = all_of(conflict.args.get("where"), wording)
    yield (
        f"**If** there is {same}, sets {_set(conflict.expressions, wording)} in it"
        f"{f', but only where {where}' if where else ''}."
    )


def updating(node: exp.Update, wording: Wording) -> Explained:
    """The headline and the lines of an UPDATE."""
    changed = [part.this for part in node.expressions if isinstance(part, exp.EQ)]
    what = wording.columns(changed, most=4) if changed else "columns that the code fills in"
    head = f"Changes {what} in {_rows(node, wording)}"
    lines = list(step_lines(node, wording))
    if changed:
        lines.append(f"**Sets** {_set(node.expressions, wording)}.")
    return head, [*lines, *_sources(node, wording), *_kept(node, wording)]


def deleting(node: exp.Delete, wording: Wording) -> Explained:
    """The headline and the lines of a DELETE."""
    lines = list(step_lines(node, wording))
    return f"Deletes {_rows(node, wording)}", [
        *lines,
        *_sources(node, wording),
        *_kept(node, wording),
    ]


def _rows(node: exp.Expr, wording: Wording) -> str:
    where = node.args.get("where")
    tables: list[exp.Expr] = many(node, "tables")
    table = tables[0] if tables else node.this
    if isinstance(node.this, exp.Table) and table.name == node.this.alias:
        table = node.this  # DELETE o FROM orders o
    if where is None:
        limit = node.args.get("limit")
        if limit is not None:
            return f"up to {wording.code(limit.expression)} rows of {wording.table(table)}"
        has_others = node.args.get("using") or node.args.get("from_") or many(node.this, "joins")
        return f"{'matching rows' if has_others else '**every row**'} of {wording.table(table)}"
    return subject_of(table, where, wording).some()


def _sources(node: exp.Expr, wording: Wording) -> Iterator[str]:
    """Other tables that an UPDATE or DELETE looks into."""
    source = node.args.get("from_")
    others: list[exp.Expr] = [source.this] if source else many(node, "using")
    names = [f"{wording.table(t)}{f' (as {code(t.alias)})' if t.alias else ''}" for t in others]
    if names:
        yield f"**Looks** into {listed(names)} for the matching rows."
    for join in many(node.this, "joins"):
        yield join_line(join, wording)
    for other in others:
        for join in many(other, "joins"):
            yield join_line(join, wording)


def _kept(node: exp.Expr, wording: Wording) -> Iterator[str]:
    where = node.args.get("where")
    words = all_of(where, wording)
    if words and not _rows(node, wording).endswith(f"where {words}"):
        yield f"**Only** rows where {words}."
    yield from _returning(node, wording)


def _returning(node: exp.Expr, wording: Wording) -> Iterator[str]:
    returning = node.args.get("returning")
    if returning is not None:
        columns: list[exp.Expr] = returning.expressions
        is_all = any(column.is_star for column in columns)
        words = "every column" if is_all else wording.columns(columns)
        yield f"**Gives back** {words} of each row."


def _set(parts: list[exp.Expr], wording: Wording) -> str:
    words = [
        f"{wording.code(part.this)} to {_new_value(part.expression, wording)}"
        for part in parts
        if isinstance(part, exp.EQ)
    ]
    return listed(words, most=5)


def _new_value(value: exp.Expr, wording: Wording) -> str:
    """`excluded.x` and `VALUES(x)` are the value that was to be inserted."""
    is_new = isinstance(value, exp.Column) and value.table.lower() == "excluded"
    if is_new or (isinstance(value, exp.Anonymous) and value.name.upper() == "VALUES"):
        return "the new value"
    return "NULL" if isinstance(value, exp.Null) else wording.code(value)


def merging(node: exp.Merge, wording: Wording) -> Explained:
    """The headline and the lines of a MERGE."""
    source = node.args["using"]
    origin = wording.table(source) if isinstance(source, exp.Table) else "the rows of a query"
    head = f"Brings {wording.table(node.this)} in line with {origin}"
    lines = [f"**Matches** rows where {all_of(node.args.get('on'), wording)}."]
    whens = node.args.get("whens")
    for when in many(whens, "expressions") if whens else []:
        case = "A row with a match" if when.args.get("matched") else "A row without a match"
        if when.args.get("source"):
            case = f"A row of {wording.table(node.this)} without a match"
        condition = when.args.get("condition")
        extra = f", where {all_of(condition, wording)}," if condition else ""
        lines.append(f"{case}{extra} {_action(when.args.get('then'), wording)}.")
    return head, [*lines, *_returning(node, wording)]


def _action(action: exp.Expr | None, wording: Wording) -> str:
    if isinstance(action, exp.Update):
        parts = _set(action.expressions, wording)
        return f"is updated: {parts}" if parts else "is updated"
    if isinstance(action, exp.Insert):
        return "is added"
    return {"DELETE": "is deleted", "DO NOTHING": "stays as it is"}.get(
        str(action).upper(), f"gets {code(str(action))}"
    )


def emptying(node: exp.TruncateTable, wording: Wording) -> Explained:
    """The headline and the lines of a TRUNCATE."""
    names = listed([wording.table(table) for table in node.expressions])
    lines: list[str] = []
    if node.args.get("option") == "CASCADE":
        lines.append("**Empties** tables that refer to it as well (CASCADE).")
    if node.args.get("identity") == "RESTART":
        lines.append("**Restarts** the counters of its id columns.")
    return f"Deletes **all rows** of {names} at once", lines
