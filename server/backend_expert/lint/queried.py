"""Which model's records a loop goes over, told by the query that it gets them from."""

from typing import cast

from backend_expert.facts.code import (
    Assign,
    Await,
    Call,
    Expression,
    Function,
    Member,
    Name,
    walk,
)
from backend_expert.flow.paths import path_of
from backend_expert.lint.context import Context

# Steps of a query after which it still gives whole records of its model, many of them.
_KEEPS = frozenset(
    ("all", "filter", "filter_by", "where", "exclude", "order_by", "distinct", "select", "query",
     "scalars", "execute", "unique", "fetchall")
)  # fmt: skip
_LOADS_NOTHING = _KEEPS | {"len", "list", "print", "bool"}


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
    given = _bound(function, ctx).get(node.id, ())
    if len(given) != 1 or given[0].operator:
        return None if given else node
    value = given[0].value
    value = value.value if isinstance(value, Await) else value
    is_query = value.method in _KEEPS if isinstance(value, Call) else isinstance(value, Member)
    if not is_query or node.id in _handed(function, ctx):
        return None
    return value


def _bound(function: Function, ctx: Context) -> dict[str, list[Assign]]:
    """The assignments of a function that bind each name."""
    notes = cast("dict[int, dict[str, list[Assign]]]", ctx.notes.setdefault("bound names", {}))
    known = notes.get(id(function))
    if known is None:
        known = notes[id(function)] = {}
        for assign in ctx.below(function, Assign):
            for name in _names_bound(assign):
                known.setdefault(name, []).append(assign)
    return known


def _names_bound(assign: Assign) -> dict[str, None]:
    bound: dict[str, None] = {}
    for target in assign.targets:
        if isinstance(target, Name):
            bound[target.id] = None
        elif not isinstance(target, Member):
            bound.update((part.id, None) for part in walk(target) if isinstance(part, Name))
    return bound


def _handed(function: Function, ctx: Context) -> set[str]:
    """The names that a function hands to something that may load what their records lack."""
    notes = cast("dict[int, set[str]]", ctx.notes.setdefault("handed names", {}))
    known = notes.get(id(function))
    if known is None:
        known = notes[id(function)] = {
            argument.value.id
            for call in ctx.below(function, Call)
            if call.method not in _LOADS_NOTHING
            for argument in call.arguments
            if isinstance(argument.value, Name)
        }
    return known
