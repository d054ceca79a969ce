"""Conditions in words: what WHERE, ON and HAVING ask for."""

from sqlglot import exp

from backend_expert.facts.query import Placeholder
from backend_expert.ide.query_words.phrases import listed
from backend_expert.ide.query_words.tree import many, one
from backend_expert.ide.query_words.wording import SLOT, Wording, is_date, shown

_MOST_SIDES = 20
_COMPARED: dict[type[exp.Expr], tuple[str, str]] = {
    # kind: (words, words for points in time)
    exp.EQ: ("is", "is"),
    exp.NEQ: ("is not", "is not"),
    exp.GT: ("is greater than", "is after"),
    exp.GTE: ("is at least", "is at or after"),
    exp.LT: ("is less than", "is before"),
    exp.LTE: ("is at most", "is at or before"),
    exp.NullSafeEQ: ("is the same as", "is the same as"),
    exp.NullSafeNEQ: ("differs from", "differs from"),
}
_OPPOSITE: dict[type[exp.Expr], tuple[str, str]] = {
    exp.EQ: ("is not", "is not"),
    exp.GT: ("is at most", "is at or before"),
    exp.GTE: ("is less than", "is before"),
    exp.LT: ("is at least", "is at or after"),
    exp.LTE: ("is greater than", "is after"),
}


def parts_of(condition: exp.Expr | None) -> list[exp.Expr]:
    """The conditions that AND puts together."""
    if condition is None:
        return []
    condition = condition.this if isinstance(condition, exp.Where | exp.Having) else condition
    condition = condition.unnest() if isinstance(condition, exp.Paren) else condition
    if isinstance(condition, exp.And):
        return [part for side in condition.flatten() for part in parts_of(side)]
    return [condition] if condition is not None else []


def all_of(condition: exp.Expr | None, wording: Wording, most: int = 8) -> str:
    """The whole condition: "a is 1, b is 2 and c is 3"."""
    parts = parts_of(condition)
    if len(parts) <= most:
        return listed([said(part, wording) for part in parts], most=most)
    shown = [said(part, wording) for part in parts[: most - 1]]
    return f"{', '.join(shown)} and {len(parts) - len(shown)} more"


def said(node: exp.Expr, wording: Wording, negated: bool = False) -> str:
    """One condition in words; what has no words here is shown as it is written."""
    if isinstance(node, exp.Paren):
        return said(node.this, wording, negated)
    if isinstance(node, exp.Not):
        return said(node.this, wording, not negated)
    if isinstance(node, exp.Or | exp.And):
        return _several(node, wording, negated)
    if type(node) in _COMPARED:
        return _comparison(node, wording, negated)
    if isinstance(node, exp.Is):
        return _is(node, wording, negated)
    if isinstance(node, exp.In):
        return _in(node, wording, negated)
    if isinstance(node, exp.Between):
        return _between(node, wording, negated)
    if isinstance(node, exp.Like | exp.ILike):
        return _like(node, wording, negated)
    if isinstance(node, exp.Exists):
        return f"there is {'no' if negated else 'a'} {row_of(node.this, wording)}"
    if isinstance(node, exp.Column):
        return f"{wording.code(node)} is {'false' if negated else 'true'}"
    if isinstance(node, exp.Boolean):
        return "always" if bool(node.this) != negated else "never"
    whole = node.parent if negated and isinstance(node.parent, exp.Not) else node
    return f"{wording.code(whole)} holds"


def absent(node: exp.Expr, wording: Wording) -> exp.Table | None:
    """The table without a matching row: `LEFT JOIN b … WHERE b.id IS NULL`."""
    column = node.this
    is_null = isinstance(node, exp.Is) and isinstance(node.expression, exp.Null)
    if not is_null or not isinstance(column, exp.Column) or not column.table:
        return None
    table = wording.source(node, column.table)
    join = table.parent if table is not None else None
    if not isinstance(join, exp.Join) or join.args.get("side") != "LEFT":
        return None
    on = join.args.get("on")
    linked = {part.name.lower() for part in on.find_all(exp.Column)} if on else set[str]()
    return table if column.name.lower() in linked | {"id"} else None


def row_of(query: exp.Expr, wording: Wording) -> str:
    """A row of what a sub-query reads: "row in `orders` where …"."""
    if not isinstance(query, exp.Select):
        return f"row from {wording.code(query)}"
    source = query.args.get("from_")
    table = f"row in {wording.table(source.this)}" if source else "row"
    if query.args.get("joins"):
        table += " (joined with others)"
    where = all_of(query.args.get("where"), wording, most=3)
    return f"{table} where {where}" if where else table


def _several(node: exp.Expr, wording: Wording, negated: bool) -> str:
    sides = [side.unnest() if isinstance(side, exp.Paren) else side for side in node.flatten()]
    if len(sides) > _MOST_SIDES:
        return f"{wording.code(node)} {'does not hold' if negated else 'holds'}"
    words = [said(side, wording) for side in sides]
    words = [
        f"({text})" if isinstance(side, exp.And | exp.Or) and not text.startswith("(") else text
        for side, text in zip(sides, words, strict=True)
    ]
    if isinstance(node, exp.And):
        return f"not ({listed(words)})" if negated else listed(words)
    if negated:
        return f"neither {listed(words, 'nor')}"
    return f"either {listed(words, 'or')}"


def _comparison(node: exp.Expr, wording: Wording, negated: bool) -> str:
    left, right = node.this, node.expression
    if negated and type(node) not in _OPPOSITE:
        return f"not ({said(node, wording)})"
    plain, dated = (_OPPOSITE if negated else _COMPARED)[type(node)]
    is_equal = isinstance(node, exp.EQ) and not negated
    if is_equal and isinstance(left, exp.Column) and isinstance(right, exp.Column):
        return f"{wording.code(left)} equals {wording.code(right)}"
    if is_equal and isinstance(right, exp.Any):
        return f"{wording.code(left)} is in the list {wording.code(right.this.unnest())}"
    if isinstance(right, exp.Subquery):
        return f"{wording.code(left)} {plain} the result of {wording.code(right)}"
    verb = dated if is_date(left) or is_date(right) else plain
    return f"{wording.code(left)} {verb} {wording.code(right)}"


def _is(node: exp.Is, wording: Wording, negated: bool) -> str:
    right = node.expression
    word = "NULL" if isinstance(right, exp.Null) else wording.code(right)
    if isinstance(right, exp.Boolean):
        word = "true" if right.args.get("this") else "false"
    if not negated and (missing := absent(node, wording)) is not None:
        return f"there is no matching {wording.one(missing)}"
    return f"{wording.code(node.this)} is {'not ' if negated else ''}{word}"


def _in(node: exp.In, wording: Wording, negated: bool) -> str:
    column = wording.code(node.this)
    inner = one(node, "query")
    if inner is not None:
        select = inner.unnest()
        return f"{column} is {'not ' if negated else ''}among {_read(select, wording)}"
    values = many(node, "expressions")
    if not values:
        field = node.args.get("field")
        words = wording.code(field) if field else "an empty list"
        return f"{column} is {'not ' if negated else ''}in the list {words}"
    if len(values) == 1:
        # One hole may hold many values; one bound parameter is one value.
        slot = wording.query.slot(values[0]) if isinstance(values[0], exp.Placeholder) else None
        is_one = slot is None or (isinstance(slot, Placeholder) and slot.style in "? $1 :n @n")
        list_word = "" if is_one else "in the list"
        words = f"{list_word} {wording.code(values[0])}".strip()
        return f"{column} is {'not ' if negated else ''}{words}"
    if len(values) > 5:
        return f"{column} is {'none' if negated else 'one'} of {len(values)} values"
    words = listed([wording.code(value) for value in values], "or")
    return f"{column} is {'none of' if negated else ''} {words}".replace("  ", " ")


def _read(select: exp.Expr, wording: Wording) -> str:
    """What a sub-query reads: "the `id` values of `orders` where …"."""
    is_plain = isinstance(select, exp.Select) and select.expressions and select.args.get("from_")
    if not is_plain:
        return f"the results of {wording.code(select)}"
    column = wording.code(select.expressions[0].unalias())
    source = wording.table(select.args["from_"].this)
    where = all_of(select.args.get("where"), wording, most=3)
    return f"the {column} values of {source}{f' where {where}' if where else ''}"


def _between(node: exp.Between, wording: Wording, negated: bool) -> str:
    low, high = wording.code(node.args["low"]), wording.code(node.args["high"])
    return f"{wording.code(node.this)} is {'not ' if negated else ''}between {low} and {high}"


def _like(node: exp.Like | exp.ILike, wording: Wording, negated: bool) -> str:
    negated = negated != bool(node.args.get("negate"))
    column, pattern = wording.code(node.this), node.expression
    case = " (ignoring case)" if isinstance(node, exp.ILike) else ""
    verbs = {"contains": "does not contain", "starts with": "does not start with"}
    verbs |= {"ends with": "does not end with", "matches the pattern": "does not match the pattern"}
    verbs |= {"is": "is not"}
    verb, words = _pattern(pattern, wording)
    return f"{column} {verbs[verb] if negated else verb} {words}{case}"


def _pattern(pattern: exp.Expr, wording: Wording) -> tuple[str, str]:
    """The verb and the words for a LIKE pattern."""
    if not isinstance(pattern, exp.Literal):
        return "matches the pattern", wording.code(pattern)
    text, slots = wording.raw(pattern)
    text = text.strip("'").replace("%%", "%")
    core = text.strip("%")
    if not core or any(sign in core for sign in "%_\\") or len(text) > 50:
        return "matches the pattern", wording.code(pattern)
    for slot in slots:
        core = core.replace(SLOT, shown(slot), 1)
    words = f"`'{core}'`"
    if text.startswith("%"):
        return ("contains" if text.endswith("%") else "ends with"), words
    return ("starts with" if text.endswith("%") else "is"), words
