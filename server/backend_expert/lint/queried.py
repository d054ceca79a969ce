"""Which model's records a loop goes over, told by the query that it gets them from."""

from backend_expert.facts.code import (
    Assign,
    Await,
    Call,
    Expression,
    Function,
    Member,
    Name,
    Node,
    walk,
)
from backend_expert.flow.paths import path_of
from backend_expert.lint.context import Context

# Steps of a query after which it still gives whole records of its model, many of them.
_KEEPS = frozenset(
    ("all", "filter", "filter_by", "where", "exclude", "order_by", "distinct", "select", "query",
     "scalars", "execute", "unique", "fetchall")
)  # fmt: skip


def queried(iterable: Expression, ctx: Context) -> tuple[Expression, str] | None:
    """The query that a loop goes over, and the model's name as this file knows it.

    None unless it stands in the same function, written step by step, and gives whole records of
    one model with nothing brought along.
    """
    node: Expression | None = _given(iterable, ctx)
    query = node
    steps = 0
    while isinstance(node, Call) and steps < 12:
        steps += 1
        if node.method not in _KEEPS:
            return None
        inner = node.arguments[0].value if len(node.arguments) == 1 else None
        if node.method in ("scalars", "execute") and inner is not None:
            node = _given(inner, ctx)
            query = node
            continue
        if node.method in ("select", "query"):
            if isinstance(inner, Name) and not node.arguments[0].name and query is not None:
                return query, inner.id
            return None
        receiver = node.callee.object if isinstance(node.callee, Member) else None
        node = _given(receiver, ctx) if receiver is not None else None
    if steps == 0 or query is None or not isinstance(node, Member):
        return None
    return (query, path_of(node)) if path_of(node)[:1].isupper() else None


def _given(node: Expression, ctx: Context) -> Expression | None:
    """An expression, or what its name is given in this function, once and for all."""
    if isinstance(node, Await):
        node = node.value
    if not isinstance(node, Name):
        return node
    function = ctx.function(node)
    if function is None:
        return node
    given = [
        assign
        for assign in walk(function)
        if isinstance(assign, Assign) and any(_binds(t, node.id) for t in assign.targets)
    ]
    if len(given) != 1 or given[0].operator or _is_used_otherwise(node.id, function):
        return None if given else node
    value = given[0].value
    return value.value if isinstance(value, Await) else value


def _binds(target: Node, name: str) -> bool:
    return any(isinstance(part, Name) and part.id == name for part in walk(target)) and (
        not isinstance(target, Member)
    )


def _is_used_otherwise(name: str, function: Function) -> bool:
    """Whether the records are handed to something that may load what they lack."""
    return any(
        isinstance(call, Call)
        and call.method not in ("len", "list", "print", "bool", *_KEEPS)
        and any(isinstance(a.value, Name) and a.value.id == name for a in call.arguments)
        for call in walk(function)
    )
