"""Python's statements but for definitions, imports and `match`."""

from typing import Literal

from tree_sitter import Node

from backend_expert.facts.code import (
    Argument,
    Assertion,
    Branch,
    Call,
    Collection,
    Expression,
    Global,
    Handler,
    Held,
    Jump,
    Loop,
    Member,
    Name,
    Opaque,
    Operation,
    Raise,
    Region,
    Return,
    Statement,
    Try,
)
from backend_expert.languages.python.expressions import entries
from backend_expert.languages.python.lowering import Lowering, LowerStatement
from backend_expert.text.span import Span

# Each `elif` nests one deeper in the facts. Beyond so many, the rest stand side by side.
LONGEST_CHAIN = 50
_JUMPS: dict[str, Literal["break", "continue", "pass"]] = {
    "break_statement": "break",
    "continue_statement": "continue",
    "pass_statement": "pass",
}


def expression_statement(low: Lowering, node: Node, out: list[Statement]) -> None:
    """An expression on a line of its own; several with commas are a tuple."""
    parts = low.listed(node)
    if len(parts) == 1:
        out.append(low.expression(parts[0]))
    else:
        out.append(Collection(low.span(node), "tuple", entries(low, parts)))


def return_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`return value`."""
    parts = low.named(node)
    out.append(Return(low.span(node), low.expression(parts[0]) if parts else None))


def raise_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`raise value from cause`."""
    cause = node.child_by_field_name("cause")
    value = next((part for part in low.named(node) if part != cause), None)
    out.append(Raise(low.span(node), low.optional(value), low.optional(cause)))


def assert_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`assert test, message`."""
    parts = [low.expression(part) for part in low.named(node)]
    if parts:
        out.append(Assertion(low.span(node), parts[0], parts[1] if len(parts) > 1 else None))
    else:
        out.append(low.opaque(node))


def delete(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`del a, b`."""
    parts = low.named(node)
    if len(parts) == 1 and parts[0].type == "expression_list":
        parts = low.named(parts[0])
    operands = tuple(low.expression(part) for part in parts)
    out.append(Operation(low.span(node), "delete", operands))


def print_or_exec(low: Lowering, node: Node, out: list[Statement]) -> None:
    """Python 2's `print x` and `exec code`, read as the calls that they became."""
    word = node.type.removesuffix("_statement")
    low.names.add(word)
    callee = Name(Span(node.start_byte, node.start_byte + len(word)), word)
    given: list[Argument] = []
    for part in low.named(node):
        is_file = part.type == "chevron"
        value = low.expression(low.named(part)[0]) if is_file else low.expression(part)
        given.append(Argument(low.span(part), value, "file" if is_file else None))
    out.append(Call(low.span(node), callee, tuple(given)))


def jump(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`break`, `continue`, `pass`."""
    out.append(Jump(low.span(node), _JUMPS[node.type]))


def global_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`global a, b` and `nonlocal a, b`."""
    out.append(Global(low.span(node), tuple(low.word(name) for name in low.named(node))))


def if_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`if` with its `elif` and `else`."""
    clauses = node.children_by_field_name("alternative")
    test = low.field(node, "condition")
    outer_for_types = low.for_types
    low.for_types = outer_for_types or _is_type_checking(test)
    then = low.block(node.child_by_field_name("consequence"))
    low.for_types = outer_for_types
    arms = [(node.start_byte, test, then)]
    outer_depth = low.depth
    other: tuple[Statement, ...] = ()
    for clause in clauses:
        low.depth += len(arms) <= LONGEST_CHAIN
        if clause.type == "elif_clause":
            test = low.field(clause, "condition")
            then = low.block(clause.child_by_field_name("consequence"))
            arms.append((clause.start_byte, test, then))
        else:
            other = low.block(clause.child_by_field_name("body"))
    low.depth = outer_depth
    out.append(chain(arms, node.end_byte, other))


Arm = tuple[int, Expression, tuple[Statement, ...]]


def chain(arms: list[Arm], end: int, other: tuple[Statement, ...]) -> Branch:
    """Arms of (start, test, body) as one branch, each in the `other` of the one before it."""
    if len(arms) > LONGEST_CHAIN:
        rest = [_branch(arm, end, ()) for arm in arms[LONGEST_CHAIN:-1]]
        rest.append(_branch(arms[-1], end, other))
        other = (Opaque(Span(rest[0].span.start, end), "elif_clause", tuple(rest)),)
        arms = arms[:LONGEST_CHAIN]
    for arm in reversed(arms[1:]):
        other = (_branch(arm, end, other),)
    return _branch(arms[0], end, other)


def _branch(arm: Arm, end: int, other: tuple[Statement, ...]) -> Branch:
    start, test, then = arm
    return Branch(Span(start, end), test, then, other)


def _is_type_checking(test: Expression) -> bool:
    word = test.id if isinstance(test, Name) else test.name if isinstance(test, Member) else ""
    return word == "TYPE_CHECKING"


def while_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`while test`."""
    test = low.field(node, "condition")
    body = low.block(node.child_by_field_name("body"))
    out.append(Loop(low.span(node), "while", body, test=test, other=_else(low, node)))


def for_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`for target in iterable`."""
    target, iterable = low.field(node, "left"), low.field(node, "right")
    body = low.block(node.child_by_field_name("body"))
    is_async = low.text.startswith("async", node.start_byte)
    other = _else(low, node)
    out.append(Loop(low.span(node), "for", body, target, iterable, other=other, is_async=is_async))


def _else(low: Lowering, node: Node) -> tuple[Statement, ...]:
    clause = node.child_by_field_name("alternative")
    return low.block(clause.child_by_field_name("body")) if clause else ()


def try_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`try` with its clauses."""
    body = low.block(node.child_by_field_name("body"))
    handlers: list[Handler] = []
    other: tuple[Statement, ...] = ()
    final: tuple[Statement, ...] = ()
    for clause in low.named(node):
        kind = clause.type
        if kind == "except_clause":
            handlers.append(_handler(low, clause))
        elif kind == "else_clause":
            other = low.block(clause.child_by_field_name("body"))
        elif kind == "finally_clause":
            final = low.block(_last_block(low, clause))
    out.append(Try(low.span(node), body, tuple(handlers), other, final))


def _last_block(low: Lowering, node: Node) -> Node | None:
    return next((part for part in reversed(low.named(node)) if part.type == "block"), None)


def _handler(low: Lowering, node: Node) -> Handler:
    """`except A`, `except (A, B) as e`, `except A, B`, `except* A`."""
    name = ""
    types: list[Expression] = []
    for value in node.children_by_field_name("value"):
        if value.type == "as_pattern":
            name = low.word(value.child_by_field_name("alias"))
            value = low.named(value)[0]
        if value.type == "tuple":
            types += [low.expression(part) for part in low.named(value)]
        elif value.is_named:
            types.append(low.expression(value))
    return Handler(low.span(node), tuple(types), name, low.block(_last_block(low, node)))


def with_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`with value as target`."""
    held: list[Held] = []
    for clause in low.named(node):
        if clause.type == "with_clause":
            held += [_held(low, item) for item in low.named(clause)]
    body = low.block(node.child_by_field_name("body"))
    is_async = low.text.startswith("async", node.start_byte)
    out.append(Region(low.span(node), tuple(held), body, is_async))


def _held(low: Lowering, node: Node) -> Held:
    value = node.child_by_field_name("value")
    if value is None or value.type != "as_pattern":
        return Held(low.span(node), low.field(node, "value"))
    target = low.optional(value.child_by_field_name("alias"))
    return Held(low.span(node), low.expression(low.named(value)[0]), target)


STATEMENTS: dict[str, LowerStatement] = {
    "expression_statement": expression_statement,
    "return_statement": return_,
    "raise_statement": raise_,
    "assert_statement": assert_,
    "delete_statement": delete,
    "print_statement": print_or_exec,
    "exec_statement": print_or_exec,
    "pass_statement": jump,
    "break_statement": jump,
    "continue_statement": jump,
    "global_statement": global_,
    "nonlocal_statement": global_,
    "if_statement": if_,
    "while_statement": while_,
    "for_statement": for_,
    "try_statement": try_,
    "with_statement": with_,
}
