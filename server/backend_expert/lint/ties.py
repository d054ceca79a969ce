"""What ties one write to another: the name that holds what the first gave, or a common id."""

from collections.abc import Iterator

from backend_expert.facts.code import Assign, Await, Call, Collection, Expression, Name, Node, walk
from backend_expert.lint.context import Context


def bound_names(call: Call, ctx: Context) -> set[str]:
    """The names that hold what a write gave: `order`, `rows`, `{ id }`."""
    above = ctx.parent(call)
    if isinstance(above, Await):
        above = ctx.parent(above)
    below: Node = call
    while isinstance(above, Expression) and not isinstance(above, Assign):
        if isinstance(above, Call) and above.callee is not below:
            break
        below, above = above, ctx.parent(above)  # (await pool.query(…)).rows[0], .returning("id")
    if not isinstance(above, Assign):
        return set()
    names = {name for target in above.targets for name in _names(target)}
    function = ctx.function(call)
    for node in walk(function) if function is not None else ():
        # const id = rows[0].id
        if (
            isinstance(node, Assign)
            and node.value is not None
            and node.span.start > call.span.end
            and not any(isinstance(part, Call) for part in walk(node.value))
            and any(isinstance(part, Name) and part.id in names for part in walk(node.value))
        ):
            names |= {name for target in node.targets for name in _names(target)}
    return names


def keys(call: Call) -> set[str]:
    """The ids that a statement is given: another one with the same id belongs to it."""
    found = (n.id for a in call.arguments for n in walk(a) if isinstance(n, Name))
    return {name for name in found if name.endswith("_id")}


def _names(target: Node) -> Iterator[str]:
    if isinstance(target, Name):
        yield target.id
    elif isinstance(target, Collection):
        for entry in target.entries:
            yield from _names(entry.value)


def uses(call: Call, names: set[str]) -> bool:
    return any(
        isinstance(node, Name) and node.id in names
        for argument in call.arguments
        for node in walk(argument)
    )
