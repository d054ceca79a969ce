"""Which model's records a loop goes over, told by the query that it gets them from."""

from typing import cast

import msgspec

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
    uses = _uses(function, ctx)
    given = uses.given.get(node.id, ())
    if len(given) != 1 or given[0].operator or node.id in uses.handed:
        return None if given else node
    value = given[0].value
    return value.value if isinstance(value, Await) else value


class _Uses(msgspec.Struct, frozen=True):
    """What a function does with names: the assignments that bind each (`given`), and which are
    handed to something that may load what their records lack."""

    given: dict[str, list[Assign]]
    handed: set[str]


def _uses(function: Function, ctx: Context) -> _Uses:
    notes = cast("dict[int, _Uses]", ctx.notes.setdefault("uses of names", {}))
    known = notes.get(id(function))
    if known is None:
        known = notes[id(function)] = _read(function, ctx)
    return known


def _read(function: Function, ctx: Context) -> _Uses:
    given: dict[str, list[Assign]] = {}
    for assign in ctx.below(function, Assign):
        bound: dict[str, None] = {}
        for target in assign.targets:
            if isinstance(target, Name):
                bound[target.id] = None
            elif not isinstance(target, Member):
                bound.update((part.id, None) for part in walk(target) if isinstance(part, Name))
        for name in bound:
            given.setdefault(name, []).append(assign)
    handed = {
        argument.value.id
        for call in ctx.below(function, Call)
        if call.method not in _LOADS_NOTHING
        for argument in call.arguments
        if isinstance(argument.value, Name)
    }
    return _Uses(given, handed)
