"""What rules about promises share."""

from backend_expert.facts.code import Await, Call, Function, Node, Raise, Try, children, walk


def never_fails(function: Function) -> bool:
    """Whether all that an async function waits for stands in `try` blocks that keep the error."""
    return not any(_waits_bare(statement) for statement in function.body)


def _waits_bare(node: Node) -> bool:
    if isinstance(node, Function):
        return False
    if isinstance(node, Await) or (isinstance(node, Call) and node.awaited):
        return True
    if isinstance(node, Try) and node.handlers:
        if any(isinstance(n, Raise) for h in node.handlers for s in h.body for n in walk(s)):
            return True
        return any(_waits_bare(statement) for statement in (*node.other, *node.final))
    return any(_waits_bare(below) for below in children(node))
