"""What becomes of something that a function opens: closed, handed on, or left behind."""

from collections.abc import Iterator

import msgspec

from backend_expert.facts.code import (
    Argument,
    Assign,
    Await,
    Branch,
    Call,
    Choice,
    Function,
    Held,
    Member,
    Name,
    Node,
    Operation,
    Raise,
    Return,
    Try,
    walk,
)
from backend_expert.lint.context import Context
from backend_expert.text.pattern import pattern

_CLOSES = pattern(
    r"^_?a?(close|closeSync|release|end|quit|disconnect|destroy|stop|shutdown|terminate|cleanup"
    r"|dispose|endSession|putconn|unbind|kill|free|detach|unlink|logout|join|wait|communicate|exit"
    r"|__a?exit__|\$disconnect|asyncDispose)$"
)
_TESTS = frozenset(("not", "==", "!=", "is", "is-not", "and", "or", "??", "typeof", "instanceof"))


# Methods of a file that give a stream which closes it.
_TAKES_OVER = frozenset(("createReadStream", "createWriteStream", "readLines"))


class Opened(msgspec.Struct, frozen=True):
    """A local name that holds what `call` opened, and the function that it lives in."""

    call: Call
    name: str
    assign: Assign
    function: Function


class Life(msgspec.Struct):
    """What the function does with it."""

    closes: list[Call]
    borrowed: list[Node]
    escapes: bool = False
    is_safe: bool = False


def opened(call: Call, ctx: Context) -> Opened | None:
    """The local variable that a call's result goes into, when it goes nowhere else."""
    node: Node = call
    above = ctx.parent(call)
    if isinstance(above, Await):
        node, above = above, ctx.parent(above)
    if not isinstance(above, Assign) or above.value is not node or above.operator:
        return None
    if len(above.targets) != 1 or not isinstance(above.targets[0], Name):
        return None
    function = ctx.function(call)
    if not isinstance(function, Function):
        return None
    return Opened(call, above.targets[0].id, above, function)


def life(what: Opened, ctx: Context) -> Life:
    """How it is used after it was opened, by the uses of its name."""
    found = Life([], [])
    for statement in what.function.body:
        for node in walk(statement):
            if isinstance(node, Name) and node.id == what.name:
                _use(node, what, ctx, found)
                if found.escapes or found.is_safe:
                    return found
    return found


def _use(node: Name, what: Opened, ctx: Context, found: Life) -> None:
    above = ctx.parent(node)
    if ctx.function(node) is not what.function:
        found.escapes = True
    elif isinstance(above, Assign):
        found.escapes = all(node is not target for target in above.targets)
    elif isinstance(above, Member):
        _through(above, ctx, found)
    elif isinstance(above, Argument):
        _given(above, ctx, found)
    elif isinstance(above, Held):
        found.is_safe = True
    elif isinstance(above, Operation):
        found.escapes = above.operator not in _TESTS
    elif isinstance(above, Choice):
        found.escapes = node is not above.test
    else:
        found.escapes = not isinstance(above, Branch) and not ctx.is_statement(node)
        if above is not None and getattr(above, "iterable", None) is node:
            found.escapes = False


def _through(member: Member, ctx: Context, found: Life) -> None:
    """`x.member`: a method called, or something of it handed on."""
    above = ctx.parent(member)
    if isinstance(above, Call) and above.callee is member:
        if _CLOSES.search(member.name) or ctx.meaning(above, "resource.close"):
            _closed(above, ctx, found)
        elif member.name in _TAKES_OVER:
            found.is_safe = True
        else:
            found.borrowed.append(above)
    elif _CLOSES.search(member.name):
        found.escapes = True  # `x.close` itself is handed to somebody who will call it


def _given(argument: Argument, ctx: Context, found: Life) -> None:
    """It is an argument: of what closes it, borrows it, or takes it over."""
    call = ctx.parent(argument)
    if not isinstance(call, Call):
        found.escapes = True
    elif ctx.meaning(call, "resource.close") or _CLOSES.search(call.method):
        _closed(call, ctx, found)
    elif ctx.meaning(call, "borrows"):
        found.borrowed.append(call)
    else:
        found.escapes = True


def _closed(call: Call, ctx: Context, found: Life) -> None:
    found.closes.append(call)
    below: Node = call
    for above in ctx.ancestors(call):
        if isinstance(above, Function):
            return
        if isinstance(above, Try) and any(below is statement for statement in above.final):
            found.is_safe = True
            return
        below = above


def exits_before(what: Opened, close: Call, ctx: Context) -> Iterator[Return | Raise]:
    """The ways out of the function between opening and the first close."""
    after, until = what.call.span.end, close.span.start
    for statement in what.function.body:
        for node in walk(statement):
            if not isinstance(node, Return | Raise) or not after < node.span.start < until:
                continue
            if ctx.function(node) is not what.function or node.span.covers(close.span):
                continue
            if not _is_guard(node, what, ctx) and not _is_caught(node, close, ctx):
                yield node


def _is_guard(node: Node, what: Opened, ctx: Context) -> bool:
    """Whether the way out is taken because there was nothing to open, or opening it failed."""
    for above in ctx.ancestors(node):
        if above is what.function:
            return False
        if isinstance(above, Branch):
            tested = (n.id for n in walk(above.test) if isinstance(n, Name))
            if what.name in tested:
                return True
        if isinstance(above, Try) and any(s.span.covers(what.call.span) for s in above.body):
            return not any(s.span.covers(node.span) for s in above.body)
    return False


def _is_caught(node: Node, close: Call, ctx: Context) -> bool:
    """Whether a raise lands in a handler of the same function, which goes on to the close."""
    return isinstance(node, Raise) and any(tried.handlers for tried in ctx.tries(node))


def waits_before(what: Opened, close: Call, ctx: Context) -> Iterator[Node]:
    """What is awaited between opening and the first close, and may fail there uncaught."""
    after, until = what.call.span.end, close.span.start
    for statement in what.function.body:
        for node in walk(statement):
            is_wait = isinstance(node, Await) or (isinstance(node, Call) and node.awaited)
            if not is_wait or not after < node.span.start < until:
                continue
            if ctx.function(node) is not what.function or node.span.covers(close.span):
                continue
            if not any(tried.handlers for tried in ctx.tries(node)):
                yield node
