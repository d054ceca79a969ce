"""A mutable default is made once, when the function is defined, and shared by all calls.

What one request puts into it the next one finds there: a list grows for ever, a dictionary carries
one customer's data into the answer for another. Take `None` for the default and make a new value
inside.

Leave it off for a default that is only read.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Call,
    Collection,
    Constant,
    Expression,
    Function,
    Index,
    Member,
    Name,
    Node,
    Parameter,
    Return,
    Text,
    Yield,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.finding import Related
from backend_expert.text.edit import Edit
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

_ON_PURPOSE = pattern(r"cache|memo|purpose|intended|shared|mutable|noqa", re.IGNORECASE)
_CHANGES = frozenset(
    ("append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "remove",
     "clear", "discard", "sort", "reverse", "__setitem__")
)  # fmt: skip
_MAKERS = frozenset(("list", "dict", "set", "defaultdict", "OrderedDict", "deque", "Counter"))


@rule(
    title="Mutable default shared by all calls",
    severity=Severity.WARNING,
    languages=("python",),
    cwe=(665,),
    sources=("ruff B006", "pylint W0102"),
    twins=("ruff B006",),
    peers=("B006", "W0102", "dangerous-default-value"),
    examples=[
        Example(
            bad="""
                def record(action: str, details: dict = {}) -> None:
                                                        ^^ all calls share this default of `details`
                    '''Note that something happened.'''
                    details["action"] = action
                    store(details)
            """,
            good="""
                def record(action: str, details: dict | None = None) -> None:
                    '''Note that something happened.'''
                    if details is None:
                        details = {}
                    details["action"] = action
                    store(details)
            """,
        ),
        Example(
            bad="""
                class Basket:
                    def __init__(self, lines=[]):
                                             ^^ all calls share this default of `lines`
                        self.lines = lines
            """,
            good="""
                class Basket:
                    def __init__(self, lines=None):
                        if lines is None:
                            lines = []
                        self.lines = lines
            """,
        ),
        Example(
            good="""
                def total(lines, discounts={}):
                    return sum(line.price * discounts.get(line.sku, 1) for line in lines)

                def send(to, headers={}):
                    headers = {**headers, "x-shop": "1"}
                    headers.update(to.headers)
                    return headers

                def tags(names=()):
                    return names
            """,
        ),
        Example(
            good="""
                from dataclasses import dataclass, field
                from fastapi import FastAPI, Query

                app = FastAPI()

                @dataclass
                class Basket:
                    lines: list = field(default_factory=list)

                @app.get("/orders")
                def orders(tags: list[str] = Query([])):
                    tags.append("all")
                    return tags
            """,
        ),
    ],
)
def check(node: Parameter, ctx: Context) -> Iterator[Finding]:
    default = node.default
    if default is None or not _is_mutable(default) or _is_meant(default, ctx):
        return
    function = ctx.parent(node)
    if not isinstance(function, Function) or function.is_lambda:
        return
    change = _changed(node.name, function, ctx)
    if change is not None and not _is_cell(default, change) and not _is_read(default, change):
        yield Finding(
            default.span,
            f"all calls share this default of `{node.name}`",
            _fix(node, function, ctx),
            (Related(change.span, "it is changed or handed out here"),),
        )


def _is_meant(default: Expression, ctx: Context) -> bool:
    """Whether a comment behind it says that it keeps something between calls."""
    end = (ctx.text + "\n").find("\n", default.span.end)
    return any(
        default.span.end <= comment.span.start < end and _ON_PURPOSE.search(comment.text)
        for comment in ctx.item.comments
    )


def _is_cell(default: Expression, change: Node) -> bool:
    """Whether it has one place that each call sets: `last=[0]` with `last[0] = …`."""
    target = change.targets[0] if isinstance(change, Assign) else None
    return (
        isinstance(default, Collection)
        and len(default.entries) == 1
        and isinstance(target, Index)
        and isinstance(target.key, Constant)
    )


def _is_read(default: Expression, change: Node) -> bool:
    """Whether it has its content from the start, and is only handed on: what is collected is not."""
    if not isinstance(default, Collection) or not default.entries:
        return False
    if isinstance(change, Assign):
        return not change.operator and isinstance(change.targets[0], Member)
    return isinstance(change, Return | Yield)


def _is_mutable(node: Expression) -> bool:
    if isinstance(node, Collection):
        return node.kind in ("list", "map", "set")
    return isinstance(node, Call) and isinstance(node.callee, Name) and node.callee.id in _MAKERS


def _changed(name: str, function: Function, ctx: Context) -> Node | None:
    """Where the function changes its parameter, keeps it or hands it out."""
    found: Node | None = None
    for node in walk(function):
        if isinstance(node, Assign):
            if any(_is(target, name) for target in node.targets) and not node.operator:
                return None  # a value of its own takes the place of the default
            first = node.targets[0]
            if _is_inside(first, name) or (_is(node.value, name) and isinstance(first, Member)):
                found = found or node
        elif isinstance(node, Call) and isinstance(node.callee, Member):
            if node.method in _CHANGES and _is(node.callee.object, name):
                found = found or node
        elif isinstance(node, Return | Yield) and _is(node.value, name):
            found = found or node
    return found


def _is(node: Node | None, name: str) -> bool:
    return isinstance(node, Name) and node.id == name


def _is_inside(target: Node, name: str) -> bool:
    """`name[key] = …`, or `name += …` of the parameter itself."""
    return _is(target, name) or (isinstance(target, Index) and _is(target.object, name))


def _fix(node: Parameter, function: Function, ctx: Context) -> Fix | None:
    assert node.default is not None
    body = list(function.body)
    if isinstance(body[0], Text):
        body = body[1:]
    start = body[0].span.start
    line = ctx.text.rfind("\n", 0, start) + 1
    indent = ctx.text[line:start]
    if indent.strip():
        return None
    edits = [ctx.replace(node.default, "None")]
    if node.annotation is not None:
        known = ctx.source(node.annotation)
        if (
            "None" not in known
            and "Optional" not in known
            and "'" not in known
            and '"' not in known
        ):
            end = node.annotation.span.end
            edits.append(Edit(Span(end, end), " | None"))
    made = ctx.source(node.default)
    text = f"if {node.name} is None:\n{indent}    {node.name} = {made}\n{indent}"
    edits.append(Edit(Span(start, start), text))
    return Fix("Make a new one in each call", tuple(edits))
