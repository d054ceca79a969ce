"""Where the text of an unexpected error is shown: by which names it is known, and what tells it."""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Argument,
    Call,
    Collection,
    Entry,
    Expression,
    Function,
    Handler,
    Hole,
    Member,
    Name,
    Node,
    Text,
    children,
)
from backend_expert.lint.context import Context
from backend_expert.lint.sensitive import words

_GENERIC = frozenset(("Exception", "BaseException", "Error", "StandardError", "Throwable"))
_DATABASE = frozenset(("sql", "database", "integrity", "operational", "db", "sqlalchemy", "redis"))
_DETAILS = frozenset(
    ("message", "stack", "sqlMessage", "sql", "args", "detail", "orig", "msg", "with_traceback")
)
_TRACES = frozenset(("stack", "sql", "sqlMessage"))
_SHOWS = frozenset(("str", "repr", "String", "toString", "stringify", "format_exc", "inspect"))
_ERRORS = frozenset(("err", "error", "e", "ex", "exc", "exception"))


def errors_at(call: Node, ctx: Context) -> frozenset[str]:
    """The names under which unexpected errors are known where the answer is made."""
    found: set[str] = set()
    for above in ctx.ancestors(call):
        if isinstance(above, Handler) and above.name and _is_generic(above.types):
            found.add(above.name)
        elif isinstance(above, Function):
            for parameter in above.parameters:
                said = parameter.annotation
                word = said.id if isinstance(said, Name) else ""
                if word in _GENERIC or (not said and parameter.name in _ERRORS):
                    found.add(parameter.name)
            if not above.is_lambda:
                break
    return frozenset(found)


def _is_generic(types: tuple[Expression, ...]) -> bool:
    """Whether a handler takes errors that no one wrote for callers."""
    flat = [entry.value for t in types if isinstance(t, Collection) for entry in t.entries] or list(
        types
    )
    names = [
        t.name if isinstance(t, Member) else t.id for t in flat if isinstance(t, Member | Name)
    ]
    return not types or any(n in _GENERIC or not _DATABASE.isdisjoint(words(n)) for n in names)


def told_of(node: Node, errors: frozenset[str], ctx: Context) -> Iterator[Expression]:
    """The expressions in an answer's body that show an error's text."""
    if isinstance(node, Call):
        if node.method == "format_exc" or _shows_one(node, errors):
            yield node
        elif node.method in _SHOWS or ctx.meaning(node, "response") is not None:
            for argument in node.arguments:
                yield from told_of(argument.value, errors, ctx)
    elif isinstance(node, Member):
        if _is_error(node.object, errors) and node.name in _DETAILS:
            yield node
    elif isinstance(node, Name):
        if node.id in errors:
            yield node
    elif isinstance(node, Text | Hole | Collection | Entry | Argument) or hasattr(node, "operands"):
        for below in children(node):
            yield from told_of(below, errors, ctx)


def _shows_one(call: Call, errors: frozenset[str]) -> bool:
    """`str(error)`, `error.toString()`."""
    if call.method not in _SHOWS:
        return False
    receiver = call.callee.object if isinstance(call.callee, Member) else None
    return (receiver is not None and _is_error(receiver, errors)) or any(
        _is_error(argument.value, errors) for argument in call.arguments
    )


def _is_error(node: Expression, errors: frozenset[str]) -> bool:
    return isinstance(node, Name) and node.id in errors


def is_trace(leaf: Expression) -> bool:
    return (isinstance(leaf, Member) and leaf.name in _TRACES) or (
        isinstance(leaf, Call) and leaf.method == "format_exc"
    )
