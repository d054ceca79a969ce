"""How many rounds a loop makes, and whether each of them does its work."""

import re
from collections.abc import Iterable, Iterator

from backend_expert.facts.code import (
    Assign,
    Await,
    Branch,
    Call,
    Choice,
    Collection,
    Constant,
    Expression,
    Function,
    Index,
    Jump,
    Loop,
    Member,
    Name,
    Node,
    Operation,
    Region,
    Return,
    Text,
    Try,
    walk,
)
from backend_expert.lint.context import Context
from backend_expert.lint.loops import Repeat
from backend_expert.text.pattern import pattern

# Calls that only reshape a collection.
_RESHAPES = frozenset(
    ("enumerate", "zip", "sorted", "reversed", "list", "tuple", "set", "iter", "frozenset", "items",
     "values", "keys", "entries", "filter", "map", "from", "toArray", "slice", "sort", "flat",
     "flatMap", "concat", "copy")
)  # fmt: skip


_IN_PORTIONS = pattern(
    r"chunk|batch|page|paginat|partition|slice|portion|window|shard|tenant|replica|"
    r"attempt|retr|backoff|consum|subscriber$|subscribe$|listen|stream|poll|cursor_iter|queue|forever",
    re.IGNORECASE,
)


_FEW = 5


# What a person has ticked in a form, or wrote behind a question mark.
_OF_A_FORM = pattern(
    r"\.(POST|GET|form|args|query_params)\.(getlist\(|items\(\)|keys\(\)|get\([^()]*\)\.split)"
)


def is_small(iterable: Expression | None, ctx: Context) -> bool:
    """Whether a loop goes over something short that the program itself fixes."""
    if iterable is None:
        return False
    iterable = reshaped(iterable)
    if isinstance(iterable, Text | Constant):
        return True
    if isinstance(iterable, Collection):
        return _is_literal(iterable)
    if isinstance(iterable, Call):
        return iterable.method in ("range", "count", "repeat", "product", "permutations")
    word = _word(iterable)
    if word.isupper() or (word[:1].isupper() and not isinstance(iterable, Call)):
        return True  # a constant of the program, an enumeration, a class of settings
    if word in ("kwargs", "args", "argv", "environ") or _is_keywords(iterable, ctx):
        return True
    value = ctx.value(iterable)
    return isinstance(value.node, Collection) and not value.grows and _is_literal(value.node)


def _is_keywords(iterable: Expression, ctx: Context) -> bool:
    """Whether it is what a call wrote out as keywords: `**filters`."""
    function = ctx.function(iterable)
    return (
        isinstance(iterable, Name)
        and function is not None
        and any(p.name == iterable.id and p.kind == "keyword-rest" for p in function.parameters)
    )


def is_typed(iterable: Expression, ctx: Context) -> bool:
    """Whether a loop goes over what a person types or ticks: a text split at commas, a form."""
    if is_ticked(iterable, ctx):
        return True
    node = reshaped(iterable)
    if not isinstance(node, Name):
        return _is_split(node, ctx)
    return any(_is_split(reshaped(value), ctx) for value in _given(node, ctx))


def is_ticked(iterable: Expression, ctx: Context) -> bool:
    """Whether a loop goes over the fields of a form, of which there are as many as it shows."""
    node = reshaped(iterable)
    given = _given(node, ctx) if isinstance(node, Name) else ()
    return any(_OF_A_FORM.search(ctx.source(one)) for one in (iterable, *given))


def _given(name: Name, ctx: Context) -> Iterator[Expression]:
    """What a variable is set to in its function."""
    function = ctx.function(name)
    for node in walk(function) if function is not None else ():
        if not isinstance(node, Assign) or node.value is None:
            continue
        if any(isinstance(target, Name) and target.id == name.id for target in node.targets):
            yield node.value


def _is_split(node: Expression, ctx: Context) -> bool:
    return (
        isinstance(node, Call)
        and node.method == "split"
        and bool(node.arguments)
        and "\\n" not in ctx.source(node.arguments[0].value)
    )


def _is_literal(node: Collection) -> bool:
    if node.spreads:
        return False
    plain = all(isinstance(entry.value, Text | Constant) for entry in node.entries)
    return plain or len(node.entries) <= _FEW


def reshaped(node: Expression) -> Expression:
    """The collection inside `enumerate(…)`, `x.items()`, `Object.keys(x)` and the like."""
    for _ in range(4):
        if isinstance(node, Await):
            node = node.value
        if not isinstance(node, Call) or node.method not in _RESHAPES:
            return node
        if node.arguments and not isinstance(node.arguments[0].value, Function):
            is_method = isinstance(node.callee, Member) and node.method in ("slice", "concat")
            assert isinstance(node.callee, Member | Name)
            if is_method and isinstance(node.callee, Member):
                node = node.callee.object
            else:
                node = node.arguments[-1 if node.method in ("filter", "map") else 0].value
        elif isinstance(node.callee, Member):
            node = node.callee.object
        else:
            return node
    return node


def _word(node: Expression) -> str:
    if isinstance(node, Member):
        return node.name
    return node.id if isinstance(node, Name) else ""


def goes_in_portions(repeat: Repeat, ctx: Context) -> bool:
    """Whether the loop walks pages, chunks, attempts or messages rather than single records."""
    if repeat.iterable is None:
        return True
    shown = ctx.source(repeat.iterable)[:200]
    words = (*_words_of(repeat.iterable), *repeat.targets)
    if "queue.consume" in _roles_of(repeat.iterable, ctx) or ".listen(" in shown:
        return True
    return any(_IN_PORTIONS.search(word) for word in words)


def _words_of(node: Expression) -> Iterator[str]:
    """The words along a chain, without those of arguments that are themselves computed."""
    while True:
        if isinstance(node, Call):
            if node.method in _RESHAPES:
                for argument in node.arguments[:1]:
                    if not isinstance(argument.value, Function):
                        yield from _words_of(argument.value)
            node = node.callee
        elif isinstance(node, Member):
            yield node.name
            node = node.object
        elif isinstance(node, Await):
            node = node.value
        elif isinstance(node, Name):
            yield node.id
            return
        else:
            return


def _roles_of(node: Expression, ctx: Context) -> Iterable[str]:
    site = ctx.site(node) if isinstance(node, Call) else None
    return [meaning.role for meaning in site.meanings] if site is not None else ()


def leaves_early(repeat: Repeat) -> bool:
    """Whether the loop may end before its last element: `break`, or `return` from inside."""
    return any(_leaves(statement) for statement in repeat.body) and isinstance(repeat.node, Loop)


def _leaves(node: Node) -> bool:
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, Return) or (isinstance(top, Jump) and top.kind == "break"):
            return True
        if isinstance(top, Branch):
            stack += [*top.then, *top.other]
        elif isinstance(top, Try):
            stack += [*top.body, *top.other, *top.final]
            stack += [s for handler in top.handlers for s in handler.body]
        elif isinstance(top, Region | Loop):
            stack += top.body
    return False


def is_remembered(node: Node, repeat: Repeat, ctx: Context) -> bool:
    """Whether a test in the loop asks first if the answer is already known: `if k not in cache`."""
    below = node
    for above in ctx.ancestors(node):
        if above is repeat.node:
            return False
        tests = (
            [above.test] if isinstance(above, Branch | Choice) and below is not above.test else []
        )
        if any(_asks_if_known(test) for test in tests):
            return True
        if isinstance(above, Operation) and above.operator in ("or", "??"):
            first = above.operands[0]
            if below is not first and any(isinstance(n, Index | Call) for n in walk(first)):
                return True
        below = above
    return False


def _asks_if_known(test: Expression) -> bool:
    for node in walk(test):
        if isinstance(node, Operation) and node.operator in ("not-in", "in"):
            return True
        if isinstance(node, Call) and node.method in ("has", "hasOwnProperty"):
            return True
        if isinstance(node, Index):
            return True
    return False
