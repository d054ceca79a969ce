"""Sort keys in words."""

from sqlglot import exp

from backend_expert.ide.query_words.wording import Wording, is_date, is_number, is_text


def sort_words(key: exp.Expr, query: exp.Expr, wording: Wording) -> str:
    """One key of ORDER BY: "by `total` (highest first)"."""
    column = key.this if isinstance(key, exp.Ordered) else key
    if isinstance(column, exp.Rand):
        return "in random order"
    way = _way(key, query)
    name = wording.code(meant_by(query, column))
    return f"by {name} ({way})" if way else f"by {name}"


def headline_words(key: exp.Expr, query: exp.Expr, wording: Wording) -> str:
    """The same for the end of a sentence: "newest first", "highest `total` first"."""
    column = key.this if isinstance(key, exp.Ordered) else key
    if isinstance(column, exp.Rand):
        return "in random order"
    way, name = _way(key, query), wording.code(meant_by(query, column))
    if is_date(column):
        return way
    if way.endswith(" first"):
        return f"{way.removesuffix(' first')} {name} first"
    return f"by {name} ({way})" if way else f"by {name}"


def _way(key: exp.Expr, query: exp.Expr) -> str:
    is_down = bool(key.args.get("desc"))
    column = behind(query, key.this) if isinstance(key, exp.Ordered) else key
    if is_date(column):
        return "newest first" if is_down else "oldest first"
    if is_number(column):
        return "highest first" if is_down else "lowest first"
    if is_text(column):
        return "Z to A" if is_down else "A to Z"
    return "descending" if is_down else ""


def meant_by(query: exp.Expr, key: exp.Expr) -> exp.Expr:
    """What a GROUP BY or ORDER BY key stands for: a number is a column of the result."""
    if not isinstance(query, exp.Select) or not isinstance(key, exp.Literal) or key.is_string:
        return key
    number = int(key.name) if key.name.isdigit() else 0
    if not 0 < number <= len(query.expressions):
        return key
    column = query.expressions[number - 1]
    return column.args["alias"] if isinstance(column, exp.Alias) else column


def behind(query: exp.Expr, key: exp.Expr) -> exp.Expr:
    """The expression that a number or an alias of the result stands for."""
    key = meant_by(query, key)
    if isinstance(query, exp.Select) and isinstance(key, exp.Column | exp.Identifier):
        for column in query.expressions:
            if isinstance(column, exp.Alias) and column.alias.lower() == key.name.lower():
                return column.this
    return key
