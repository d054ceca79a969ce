"""Whether what an answer's body says sends a function another way."""

from backend_expert.facts.code import (
    Assign,
    Branch,
    Call,
    Collection,
    Function,
    Name,
    Node,
    Operation,
    Raise,
    Return,
    walk,
)
from backend_expert.lint.context import Context

_STEPS = 3


def decides_a_way_out(call: Call, function: Function, ctx: Context) -> bool:
    """Whether a branch asks about what was made of the body, and returns or raises."""
    names = _made_of(call, function, ctx)
    return bool(names) and any(
        any(_compares(part) and _names_in(part) & names for part in walk(node.test))
        and any(isinstance(part, Return | Raise) for s in node.then for part in walk(s))
        for node in ctx.below(function, Branch)
    )


def _compares(node: Node) -> bool:
    """Whether something is compared: `code != "0"`, `text.startswith("did:")`, not `not code`."""
    if isinstance(node, Operation):
        return node.operator in ("==", "!=", "in", "not-in")
    return isinstance(node, Call) and node.method.lower() in (
        "startswith", "endswith", "includes", "match", "test", "fullmatch"
    )  # fmt: skip


def _made_of(call: Call, function: Function, ctx: Context) -> set[str]:
    """The variables that hold the body or something taken from it."""
    names: set[str] = set()
    assigns = ctx.below(function, Assign)
    for _ in range(_STEPS):
        for assign in assigns:
            value = assign.value
            if value is None or not (value.span.covers(call.span) or _names_in(value) & names):
                continue
            names |= {name for target in assign.targets for name in _targets(target)}
    return names


def _targets(target: Node) -> set[str]:
    if isinstance(target, Collection):
        return {name for entry in target.entries for name in _targets(entry.value)}
    return {target.id} if isinstance(target, Name) else set()


def _names_in(node: Node) -> set[str]:
    return {n.id for n in walk(node) if isinstance(n, Name)}
