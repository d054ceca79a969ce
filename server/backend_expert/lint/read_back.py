"""Where a variable's record was read from the database."""

from backend_expert.facts.code import (
    Assign,
    Await,
    Call,
    Expression,
    Function,
    Loop,
    Name,
    Node,
    walk,
)
from backend_expert.lint.context import Context

DATA_READS = ("orm.read", "document.read")


def read_by(name: str, function: Function, before: Node, ctx: Context) -> Expression | None:
    """The expression that reads what `name` holds from the database."""
    for _ in range(3):
        source = _source_of(name, function, before)
        if source is None:
            return None
        reads = [n for n in walk(source) if isinstance(n, Call) and ctx.meaning(n, *DATA_READS)]
        if reads:
            return source
        inner = source.value if isinstance(source, Await) else source
        if not isinstance(inner, Name):
            return None
        name = inner.id
    return None


def _source_of(name: str, function: Function, before: Node) -> Expression | None:
    found: Expression | None = None
    for statement in function.body:
        for node in walk(statement):
            if node.span.start >= before.span.start:
                continue
            if isinstance(node, Assign) and not node.operator and node.value is not None:
                if any(isinstance(t, Name) and t.id == name for t in node.targets):
                    found = node.value
            elif isinstance(node, Loop) and node.span.covers(before.span):
                target = node.target
                found = node.iterable if isinstance(target, Name) and target.id == name else found
    return found
