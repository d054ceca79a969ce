"""Chains of calls, `session.query(Order).filter(…).delete()`: what is said before and after."""

from collections.abc import Iterator

from backend_expert.facts.code import Assign, Call, Expression, Member, Node
from backend_expert.lint.context import Context


def words_after(call: Call, ctx: Context) -> Iterator[str]:
    """The methods that are called on what `call` gives."""
    above = ctx.parent(call)
    while isinstance(above, Member):
        yield above.name
        outer = ctx.parent(above)
        above = ctx.parent(outer) if outer is not None else None


def is_put_aside(call: Call, ctx: Context) -> bool:
    """Whether a builder that runs later is put aside, to be filtered further on."""
    top: Node | None = call
    above = ctx.parent(call)
    while isinstance(above, (Member, Call)) and above.span.start == call.span.start:
        top, above = above, ctx.parent(above)
    return isinstance(above, Assign) and top is above.value


def words_before(call: Call) -> tuple[list[str], Expression]:
    """The words of the chain that `call` ends, and what it starts from."""
    words: list[str] = []
    node: Expression = call.callee.object if isinstance(call.callee, Member) else call.callee
    while isinstance(node, (Member, Call)):
        if isinstance(node, Member):
            words.append(node.name)
            node = node.object
        elif isinstance(node.callee, Member):
            node = node.callee
            words.append(node.name)
            node = node.object
        else:
            break
    return words, node


def is_run_at_once(call: Call, ctx: Context) -> bool:
    """Whether a statement is handed straight to what runs it, so that no clause can follow."""
    top: Node = call
    above = ctx.parent(top)
    while isinstance(above, Member):
        outer = ctx.parent(above)
        if not isinstance(outer, Call):
            return False
        top, above = outer, ctx.parent(outer)
    runner = ctx.parent(above) if above is not None else None
    return isinstance(runner, Call) and ctx.meaning(runner, "sql.execute") is not None


def calls_of(call: Call) -> Iterator[Call]:
    node: Expression = call
    while isinstance(node, (Member, Call)):
        if isinstance(node, Call):
            yield node
            node = node.callee
        else:
            node = node.object
