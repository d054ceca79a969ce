"""Branches that are taken when something failed or is missing."""

from backend_expert.facts.code import (
    Await,
    Branch,
    Call,
    Constant,
    Expression,
    Function,
    Handler,
    Member,
    Name,
    Node,
    Operation,
)
from backend_expert.lint.context import Context


def failure_branch(node: Node, ctx: Context) -> Handler | Branch | None:
    """The catch block, or the branch taken when something is missing, in which `node` stands."""
    below = node
    for above in ctx.ancestors(node):
        if isinstance(above, Function):
            return None
        if isinstance(above, Handler):
            return above
        if isinstance(above, Branch) and any(below is s for s in above.then):
            return above if is_absence(above.test) or _is_fault(above.test) else None
        below = above
    return None


def is_absence(test: Expression) -> bool:
    """`not x`, `x is None`, `rowCount === 0`, `len(x) == 0`."""
    if isinstance(test, Operation):
        if test.operator == "not":
            return _is_looked_up(test.operands[0])
        if test.operator in ("==", "is") and len(test.operands) == 2:
            other = test.operands[1]
            return isinstance(other, Constant) and (other.value is None or other.value == 0)
        if test.operator in ("or", "and"):
            return any(is_absence(operand) for operand in test.operands)
    return False


def _is_looked_up(node: Expression) -> bool:
    if isinstance(node, Await):
        node = node.value
    return isinstance(node, Name | Member | Call)


def _is_fault(test: Expression) -> bool:
    """`if (err)`."""
    return isinstance(test, Name) and test.id.lower() in ("err", "error", "e", "exc")
