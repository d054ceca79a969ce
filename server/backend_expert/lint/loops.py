"""What rules about loops share: what repeats a call, over what, and what differs each time."""

from collections.abc import Iterator

import msgspec

from backend_expert.facts.code import (
    Assign,
    Await,
    Call,
    Collection,
    Comprehension,
    Expression,
    Function,
    Generator,
    Index,
    Loop,
    Member,
    Name,
    Node,
    Region,
    walk,
)
from backend_expert.lint.context import Context
from backend_expert.lint.finding import Related

# Methods that run their callback once for each element of the receiver.
_EACH = frozenset(("map", "forEach", "flatMap", "filter", "reduce", "some", "every", "find"))


class Repeat(msgspec.Struct, frozen=True, gc=False):
    """What runs a call again and again.

    node: the loop, comprehension, or call of `map` and its kin. iterable: what it goes over, None
    for loops with a test. targets: the names bound anew each time. body: what runs each time.
    """

    node: Loop | Comprehension | Call
    iterable: Expression | None
    targets: frozenset[str]
    body: tuple[Node, ...]

    @property
    def word(self) -> str:
        """One of the names, as a message says it: the loop's first target."""
        target = getattr(self.node, "target", None)
        if isinstance(self.node, Comprehension):
            target = self.node.generators[-1].target
        found = [n.id for n in walk(target) if isinstance(n, Name)] if target is not None else []
        found = found or sorted(self.targets)
        return next((name for name in found if name != "_"), "element")


def repeats(node: Node, ctx: Context) -> Iterator[Repeat]:
    """What repeats `node` in its own function, innermost first."""
    below = node
    part: Node | None = None
    for above in ctx.ancestors(node):
        if isinstance(above, Function):
            call = _each(above, ctx)
            if call is None:
                return
            assert isinstance(call.callee, Member)
            first = above.parameters[1:2] if call.method == "reduce" else above.parameters[:1]
            names = frozenset(n for p in first for n in (p.name, *_names(p.pattern)) if n)
            yield Repeat(call, call.callee.object, names, above.body)
        elif isinstance(above, Loop):
            once = (above.iterable, above.target, *above.before, *above.other)
            if not any(below is one for one in once):
                names = frozenset(_names(above.target))
                yield Repeat(above, above.iterable, names, above.body)
        elif isinstance(above, Comprehension):
            own = above.generators
            if below is above.element or below is above.key:
                yield _comprehended(above, own)
            elif isinstance(below, Generator):
                at = next(i for i, g in enumerate(own) if g is below)
                before = own[:at] if part is below.iterable else own[: at + 1]
                if before:
                    yield _comprehended(above, before)
        part, below = below, above


def _comprehended(node: Comprehension, generators: tuple[Generator, ...]) -> Repeat:
    names = frozenset(name for g in generators for name in _names(g.target))
    return Repeat(node, generators[-1].iterable, names, (node.element,))


def _each(function: Function, ctx: Context) -> Call | None:
    """The call of `map` or the like that runs a function literal for each element."""
    argument = ctx.parent(function)
    call = ctx.parent(argument) if argument is not None else None
    if not isinstance(call, Call) or not isinstance(call.callee, Member):
        return None
    is_first = bool(call.arguments) and call.arguments[0].value is function
    return call if is_first and call.method in _EACH else None


def _names(node: Node | None) -> Iterator[str]:
    if node is not None:
        for below in walk(node):
            if isinstance(below, Name):
                yield below.id


def names_in(node: Node) -> set[str]:
    """All bare names in a fact."""
    return set(_names(node))


def differing(repeat: Repeat) -> set[str]:
    """The names whose value differs from one run to the next: the targets and what they give."""
    known = set(repeat.targets)
    for _ in range(2):
        for statement in repeat.body:
            for node in walk(statement):
                if isinstance(node, Assign) and node.value is not None:
                    if known & names_in(node.value):
                        known.update(name for t in node.targets for name in _plain_names(t))
                elif (
                    isinstance(node, Loop | Generator)
                    and node.iterable is not None
                    and node.target is not None
                    and known & names_in(node.iterable)
                ):
                    known.update(_names(node.target))
    return known


def _plain_names(target: Node) -> Iterator[str]:
    """The names that an assignment binds; `a.b = x` and `a[i] = x` bind none."""
    if isinstance(target, Name):
        yield target.id
    elif isinstance(target, Collection):
        yield from _names(target)


def handles(repeat: Repeat) -> set[str]:
    """Names that are reached from the loop's own element: `conn = shard.connect()`."""
    known = set(repeat.targets)
    for statement in repeat.body:
        for node in walk(statement):
            if isinstance(node, Assign) and node.value is not None:
                if root_of(node.value) in known:
                    known.update(name for t in node.targets for name in _plain_names(t))
            elif isinstance(node, Region):
                for held in node.held:
                    if held.target is not None and root_of(held.value) in known:
                        known.update(_plain_names(held.target))
    return known


def root_of(node: Expression) -> str:
    """The name at the start of a chain: `session` of `session.query(A).first()`."""
    while True:
        if isinstance(node, Call):
            node = node.callee
        elif isinstance(node, Member | Index):
            node = node.object
        elif isinstance(node, Await):
            node = node.value
        else:
            return node.id if isinstance(node, Name) else ""


def shown(repeat: Repeat, words: str = "the loop") -> Related:
    """What is looped over, as related information."""
    span = repeat.iterable.span if repeat.iterable is not None else repeat.node.span
    return Related(span, words)


def called_as(call: Call, ctx: Context) -> str:
    """The callee as it is written, or its last word when that is long."""
    written = ctx.source(call.callee)
    is_plain = len(written) <= 40 and not any(mark in written for mark in "(\n[ ")
    return written if is_plain else call.method
