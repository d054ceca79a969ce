"""Code facts: one small tree for Python, JavaScript, TypeScript and the languages to come.

Expressions and statements are frozen structs (msgspec: built several times faster than frozen
dataclasses, and written to the index's cache as they are). Every span is relative to the item
(see `facts.item`) that holds the node, so an item's facts stay true when it moves.
"""

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, cast
from typing import Literal as OneOf

import msgspec

from backend_expert.text.span import Span


class Node(msgspec.Struct, frozen=True, gc=False):
    """What all code facts share: where it stands."""

    span: Span


# -- expressions --------------------------------------------------------------------------------


class Name(Node, frozen=True, gc=False):
    """A bare identifier; `self` and `this` are both the name `self`."""

    id: str


class Member(Node, frozen=True, gc=False):
    """`object.name`, `object?.name`, `object->name`."""

    object: "Expression"
    name: str

    @property
    def name_span(self) -> Span:
        """Where the member's own name stands."""
        return Span(self.span.end - len(self.name), self.span.end)


class Index(Node, frozen=True, gc=False):
    """`object[key]`; a generic type `List[int]` or `Promise<int>` too."""

    object: "Expression"
    key: "Expression"


class Constant(Node, frozen=True, gc=False):
    """A number, true, false, null (also None, nil, undefined)."""

    value: int | float | bool | None


class Fragment(Node, frozen=True, gc=False):
    """A run of literal characters: `value` as the program sees it, `span` as it is written.

    Where the two lengths are equal the run maps character by character; an escape sequence is a
    fragment of its own, so one character of value stands for several of source.
    """

    value: str


class Hole(Node, frozen=True, gc=False):
    """A value inside a text: `{x}` of an f-string, `${x}` of a template, `#{x}` of Ruby.

    `span` covers the hole with its braces; `form` is what follows the value (`!r`, `:>10`).
    """

    value: "Expression"
    form: str = ""


class Text(Node, frozen=True, gc=False):
    """A string literal as fragments and holes, implicit concatenation joined.

    `tag` is the function of a tagged template (JavaScript sql`...`); `is_bytes` marks byte strings.
    """

    parts: tuple[Fragment | Hole, ...]
    tag: "Expression | None" = None
    is_bytes: bool = False

    @property
    def value(self) -> str | None:
        """The whole string when nothing in it is computed, else None."""
        if self.tag is not None:
            return None
        pieces: list[str] = []
        for part in self.parts:
            if isinstance(part, Hole):
                return None
            pieces.append(part.value)
        return "".join(pieces)


class Argument(Node, frozen=True, gc=False):
    """One argument: positional, named (`timeout=5`), or spread (`*a`, `**k`, `...a`)."""

    value: "Expression"
    name: str | None = None
    spread: bool = False


class Call(Node, frozen=True, gc=False):
    """A call or construction. `awaited` says that `await` stands straight before it."""

    callee: "Expression"
    arguments: tuple[Argument, ...] = ()
    is_new: bool = False
    awaited: bool = False

    def argument(self, position: int | None, name: str | None = None) -> "Expression | None":
        """The argument called `name`, or else the positional one; None when spread may hide it."""
        index = 0
        for argument in self.arguments:
            if name is not None and argument.name == name:
                return argument.value
        if position is None:
            return None
        for argument in self.arguments:
            if argument.name is not None:
                continue
            if argument.spread:
                return None
            if index == position:
                return argument.value
            index += 1
        return None

    @property
    def spreads(self) -> bool:
        """Whether arguments are spread into the call, so that any of them may be there."""
        return any(argument.spread for argument in self.arguments)

    @property
    def method(self) -> str:
        """The last word of the callee: `get` of `requests.get(…)`; empty when it has none."""
        if isinstance(self.callee, Member):
            return self.callee.name
        return self.callee.id if isinstance(self.callee, Name) else ""


class Operation(Node, frozen=True, gc=False):
    """An operator on its operands, in neutral words; chains of one operator are flat.

    Operators: and or not == != < <= > >= in not-in is is-not + - * / // % ** & | ^ << >> ~ ??
    typeof instanceof delete void. JavaScript's `===` is `==`, `&&` is `and`, `!` is `not`.
    """

    operator: str
    operands: "tuple[Expression, ...]"


class Choice(Node, frozen=True, gc=False):
    """`then if test else other`, `test ? then : other`."""

    test: "Expression"
    then: "Expression"
    other: "Expression"


class Entry(Node, frozen=True, gc=False):
    """One member of a collection; `key` only in maps. `{name}` has a Text key and a Name value."""

    value: "Expression"
    key: "Expression | None" = None
    spread: bool = False


class Collection(Node, frozen=True, gc=False):
    """A list, tuple, set or map literal; as an assignment's target, a destructuring pattern."""

    kind: OneOf["list", "tuple", "set", "map"]
    entries: tuple[Entry, ...]

    def get(self, key: str) -> "Expression | None":
        """The value under a literal key of a map."""
        for entry in self.entries:
            if isinstance(entry.key, Text) and entry.key.value == key:
                return entry.value
        return None

    @property
    def spreads(self) -> bool:
        """Whether another collection is spread into this one."""
        return any(entry.spread for entry in self.entries)


class Generator(Node, frozen=True, gc=False):
    """One `for … in … if …` of a comprehension."""

    target: "Expression"
    iterable: "Expression"
    conditions: "tuple[Expression, ...]" = ()
    is_async: bool = False


class Comprehension(Node, frozen=True, gc=False):
    """A list, set, map or lazy (`generator`) comprehension."""

    kind: OneOf["list", "set", "map", "generator"]
    element: "Expression"
    generators: tuple[Generator, ...]
    key: "Expression | None" = None


class Await(Node, frozen=True, gc=False):
    """`await value`; when the value is a call, that call is marked `awaited` as well."""

    value: "Expression"


class Yield(Node, frozen=True, gc=False):
    """`yield value`, or `yield from value` when delegated."""

    value: "Expression | None" = None
    delegated: bool = False


class Opaque(Node, frozen=True, gc=False):
    """Anything the shapes have no word for, and broken text; its parts are still seen."""

    kind: str
    parts: "tuple[Expression | Statement, ...]" = ()


# -- statements ---------------------------------------------------------------------------------


class Parameter(Node, frozen=True, gc=False):
    """One parameter. `pattern` is the Collection of a destructured one, its `name` then empty."""

    name: str
    annotation: "Expression | None" = None
    default: "Expression | None" = None
    kind: OneOf["positional", "keyword", "rest", "keyword-rest"] = "positional"
    pattern: "Collection | None" = None
    decorators: "tuple[Expression, ...]" = ()


class Function(Node, frozen=True, gc=False):
    """A function, method, arrow or lambda. A nameless one is named by the variable it is put in.

    `name_span` is where the name stands (the whole head for nameless ones). An expression body is
    one `Return` with the expression's span.
    """

    name: str
    name_span: Span
    parameters: tuple[Parameter, ...]
    body: "tuple[Statement, ...]"
    decorators: "tuple[Expression, ...]" = ()
    returns: "Expression | None" = None
    is_async: bool = False
    is_generator: bool = False
    is_static: bool = False
    is_lambda: bool = False


class Class(Node, frozen=True, gc=False):
    """A class; methods that are items of their own are found through the module (see `item`)."""

    name: str
    name_span: Span
    bases: tuple[Argument, ...]
    body: "tuple[Statement, ...]"
    decorators: "tuple[Expression, ...]" = ()


class Assign(Node, frozen=True, gc=False):
    """`targets = value`; `operator` is `+` for `+=`. Declarations and walrus are assignments too.

    `value` is None for a bare declaration (`x: int`, `let x`). A class field is an Assign in the
    class's body.
    """

    targets: "tuple[Expression, ...]"
    value: "Expression | None"
    annotation: "Expression | None" = None
    operator: str = ""
    declares: bool = False
    decorators: "tuple[Expression, ...]" = ()


class Return(Node, frozen=True, gc=False):
    """`return value`."""

    value: "Expression | None" = None


class Raise(Node, frozen=True, gc=False):
    """`raise value from cause`, `throw value`."""

    value: "Expression | None" = None
    cause: "Expression | None" = None


class Branch(Node, frozen=True, gc=False):
    """`if`; each case of a switch or match is a branch whose test is subject == case."""

    test: "Expression"
    then: "tuple[Statement, ...]"
    other: "tuple[Statement, ...]" = ()


class Loop(Node, frozen=True, gc=False):
    """A loop. `for x in xs` has target and iterable; `while` and three-part `for` have a test.

    `before` and `after` are the first and last part of a three-part loop; `other` is Python's else.
    """

    kind: OneOf["for", "while", "do"]
    body: "tuple[Statement, ...]"
    target: "Expression | None" = None
    iterable: "Expression | None" = None
    test: "Expression | None" = None
    before: "tuple[Statement, ...]" = ()
    after: "tuple[Statement, ...]" = ()
    other: "tuple[Statement, ...]" = ()
    is_async: bool = False


class Handler(Node, frozen=True, gc=False):
    """A catch block. No `types` means that it catches everything."""

    types: "tuple[Expression, ...]"
    name: str
    body: "tuple[Statement, ...]"


class Try(Node, frozen=True, gc=False):
    """`try` with its handlers, `else` and `finally`."""

    body: "tuple[Statement, ...]"
    handlers: tuple[Handler, ...] = ()
    other: "tuple[Statement, ...]" = ()
    final: "tuple[Statement, ...]" = ()


class Held(Node, frozen=True, gc=False):
    """One `value as target` of a region."""

    value: "Expression"
    target: "Expression | None" = None


class Region(Node, frozen=True, gc=False):
    """`with` and its kin: something is held while the body runs (a transaction, lock, file, pool).

    What is held is told by the roles of the held values' calls.
    """

    held: tuple[Held, ...]
    body: "tuple[Statement, ...]"
    is_async: bool = False


class Import(Node, frozen=True, gc=False):
    """One name brought in. `import a.b as c`: module a.b, alias c. `from a import b`: name b.

    `name` is `*` for star imports. JavaScript: `import x from 'm'` and `x = require('m')` have no
    name and alias x; `import {y as z}` and `const {y: z} = require('m')` have name y, alias z.
    Relative modules keep their dots (`.models`, `./db`). `node:fs` is `fs`. `is_type` marks
    imports that vanish at run time.
    """

    module: str
    name: str | None = None
    alias: str | None = None
    is_type: bool = False

    @property
    def binds(self) -> str:
        """The name that the import makes known in this file."""
        if self.alias:
            return self.alias
        return self.name if self.name else self.module.split(".")[0]

    @property
    def dotted(self) -> str:
        """What that name stands for, as a dotted path."""
        if self.name:
            join = "" if self.module.endswith(".") else "."
            return f"{self.module}{join}{self.name}"
        return self.module if self.alias else self.module.split(".")[0]


class Assertion(Node, frozen=True, gc=False):
    """Python's `assert test, message`."""

    test: "Expression"
    message: "Expression | None" = None


class Jump(Node, frozen=True, gc=False):
    """`break`, `continue`, `pass` (also an empty statement)."""

    kind: OneOf["break", "continue", "pass"]


class Global(Node, frozen=True, gc=False):
    """`global a, b` and `nonlocal a`."""

    names: tuple[str, ...]


Expression = (
    Name
    | Member
    | Index
    | Constant
    | Text
    | Call
    | Operation
    | Choice
    | Collection
    | Comprehension
    | Await
    | Yield
    | Function
    | Class
    | Assign
    | Opaque
)
Statement = (
    Expression | Return | Raise | Branch | Loop | Try | Region | Import | Assertion | Jump | Global
)


def children(node: Node) -> list[Node]:
    """The nodes straight beneath `node`, in the order they are written, near enough."""
    below = BELOW.get(type(node))
    return below(node) if below is not None else []


def blocks(node: Node | None) -> "list[tuple[Statement, ...]]":
    """The runs of statements straight beneath a node: its body, branches, `finally` and so on."""
    found: list[tuple[Statement, ...]] = []
    for field in _BLOCKS.get(type(node), ()):
        block: object = getattr(node, field)
        if type(block) is tuple:
            found.append(cast("tuple[Statement, ...]", block))
    return found


def walk(node: Node) -> Iterator[Node]:
    """`node` and everything beneath it, parents before children."""
    stack: list[Node] = [node]
    pop = stack.pop
    while stack:
        top = pop()
        yield top
        get = BELOW.get(type(top))
        if get is not None:
            below = get(top)
            below.reverse()
            stack += below


# The fields of each shape that can hold nodes; texts, flags and spans hold none.
_PLAIN = {"span", "id", "name", "form", "is_bytes", "spread", "kind", "operator"} | {
    "is_new", "awaited", "is_async", "is_generator", "is_static", "is_lambda", "name_span",
    "declares", "delegated", "module", "alias", "is_type", "names",
}  # fmt: skip
_BLOCKS: dict[type[Any], list[str]] = {}
_RUNS = ("body", "then", "other", "final", "before", "after")
# By shape, for those that can hold nodes: what gives the nodes beneath one, in a list of its own.
BELOW: dict[type[Node], Callable[[Any], list[Node]]] = {
    # The commonest by hand: every check of every file goes down by them.
    Argument: lambda node: [node.value],
    Call: lambda node: [node.callee, *node.arguments],
    Collection: lambda node: [*node.entries],
    Entry: lambda node: [node.value] if node.key is None else [node.value, node.key],
    Index: lambda node: [node.object, node.key],
    Member: lambda node: [node.object],
    Operation: lambda node: [*node.operands],
    Text: lambda node: [*node.parts] if node.tag is None else [*node.parts, node.tag],
}


def _below(fields: list[str]) -> Callable[[Node], list[Node]]:
    """What gives the nodes in some fields, each a node, a tuple of nodes or None."""
    if len(fields) == 1:
        only = attrgetter(fields[0])
        get: Callable[[Node], tuple[Any, ...]] = lambda node: (only(node),)  # noqa: E731
    else:
        get = attrgetter(*fields)

    def below(node: Node) -> list[Node]:
        found: list[Node] = []
        for value in get(node):
            if type(value) is tuple:
                found += value
            elif value is not None:
                found.append(value)
        return found

    return below


def _remember(shape: type[Node]) -> None:
    for kind in shape.__subclasses__():
        plain = _PLAIN | ({"value"} if kind in (Constant, Fragment) else set[str]())
        fields = [f for f in kind.__struct_fields__ if f not in plain]
        if fields and kind not in BELOW:
            BELOW[kind] = _below(fields)
        _BLOCKS[kind] = [field for field in _RUNS if field in fields]
        _remember(kind)


_remember(Node)
