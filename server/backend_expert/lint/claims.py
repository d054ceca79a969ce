"""What a function reads from a value that a call gave it, by the names of the members."""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Await,
    Call,
    Collection,
    Expression,
    Function,
    Index,
    Member,
    Name,
    Node,
    Text,
    walk,
)
from backend_expert.lint.context import Context
from backend_expert.lint.sensitive import spelling


def read_of(call: Call, ctx: Context) -> Iterator[str]:
    """The names that are read from the claims."""
    function = ctx.function(call)
    node: Node = call
    above = ctx.parent(node)
    while isinstance(above, Await | Member | Index):
        if name := _key(above):
            yield name
        node, above = above, ctx.parent(above)
    if isinstance(above, Call) and above.callee is node and above.arguments:
        # `.get("sub")`
        yield spelling(above)
    if not isinstance(above, Assign) or above.value is not node:
        return
    for target in above.targets:
        if isinstance(target, Collection):
            yield from (e.key.value or "" for e in target.entries if isinstance(e.key, Text))
        elif isinstance(target, Name) and function is not None:
            yield from _members(target.id, function)


def _members(name: str, function: Function) -> Iterator[str]:
    for node in walk(function):
        if isinstance(node, Member | Index) and _root(node) == name:
            yield _key(node)
        elif isinstance(node, Call) and _root(node.callee) == name:
            yield spelling(node)
        elif isinstance(node, Assign) and isinstance(node.value, Name) and node.value.id == name:
            for target in node.targets:
                if isinstance(target, Collection):
                    yield from (
                        e.key.value or "" for e in target.entries if isinstance(e.key, Text)
                    )
                elif isinstance(target, Member | Index):
                    yield _key(target)


def _key(node: Expression | Member | Index) -> str:
    return spelling(node) if isinstance(node, Member | Index) else ""


def _root(node: Expression) -> str:
    while isinstance(node, Member | Index):
        node = node.object
    return node.id if isinstance(node, Name) else ""
