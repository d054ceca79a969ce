"""JavaScript's statements but for declarations, imports and exports."""

from tree_sitter import Node

from backend_expert.facts.code import (
    Branch,
    Constant,
    Expression,
    Handler,
    Jump,
    Loop,
    Name,
    Opaque,
    Operation,
    Raise,
    Return,
    Statement,
    Try,
)
from backend_expert.languages.javascript.expressions import in_sequence
from backend_expert.languages.javascript.lowering import Lowering, LowerStatement
from backend_expert.text.span import Span

# Each `else if` nests one deeper in the facts. Beyond so many, the rest stand side by side.
LONGEST_CHAIN = 50


def expression_statement(low: Lowering, node: Node, out: list[Statement]) -> None:
    """An expression on its own; those of a sequence are statements each."""
    for part in low.named(node):
        if part.type == "sequence_expression":
            out += [low.expression(each) for each in in_sequence(low, part)]
        else:
            out.append(low.expression(part))


def return_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`return value`."""
    parts = low.named(node)
    out.append(
        Return(Span(node.start_byte, node.end_byte), low.expression(parts[0]) if parts else None)
    )


def throw(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`throw value`."""
    parts = low.named(node)
    out.append(Raise(low.span(node), low.expression(parts[0]) if parts else None))


def block(low: Lowering, node: Node, out: list[Statement]) -> None:
    """A block that stands alone adds nothing to its statements."""
    for child in node.named_children:
        low.statement(child, out)


def nothing(low: Lowering, node: Node, out: list[Statement]) -> None:
    """Comments, which are gathered elsewhere, and types that are passed over."""


def break_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`break`, with or without a label."""
    out.append(Jump(low.span(node), "break"))


def continue_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`continue`, with or without a label."""
    out.append(Jump(low.span(node), "continue"))


def empty(low: Lowering, node: Node, out: list[Statement]) -> None:
    """A lone semicolon."""
    out.append(Jump(low.span(node), "pass"))


def labelled(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`label: statement`, which is that statement."""
    body = node.child_by_field_id(low.fields.body)
    if body is not None:
        low.statement(body, out)


Arm = tuple[Span, Expression, tuple[Statement, ...]]


def if_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`if` with all its `else if`, which the grammar nests and we follow without recursion."""
    fields, kind = low.fields, node.kind_id
    arms: list[Arm] = []
    other: tuple[Statement, ...] = ()
    outer_depth = low.depth
    rest: Node | None = node
    while rest is not None and rest.kind_id == kind:
        test = low.field(rest, fields.condition)
        then = low.block(rest.child_by_field_id(fields.consequence))
        arms.append((low.span(rest), test, then))
        clause = rest.child_by_field_id(fields.alternative)
        rest = (low.named(clause) or [None])[0] if clause else None
        low.depth += len(arms) <= LONGEST_CHAIN
    if rest is not None:
        other = low.block(rest)
    low.depth = outer_depth
    out.append(chain(arms, other))


def chain(arms: list[Arm], other: tuple[Statement, ...]) -> Branch:
    """Arms of (span, test, body) as one branch, each in the `other` of the one before it."""
    if len(arms) > LONGEST_CHAIN:
        rest = [Branch(*arm) for arm in arms[LONGEST_CHAIN:-1]]
        rest.append(Branch(*arms[-1], other))
        span = Span(rest[0].span.start, arms[-1][0].end)
        other = (Opaque(span, "else_clause", tuple(rest)),)
        arms = arms[:LONGEST_CHAIN]
    for arm in reversed(arms[1:]):
        other = (Branch(*arm, other),)
    return Branch(*arms[0], other)


def switch(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`switch` as a chain of branches that test the subject against each case."""
    subject = low.field(node, low.fields.value)
    body = node.child_by_field_id(low.fields.body)
    arms: list[Arm] = []
    other: tuple[Statement, ...] = ()
    tests: list[Expression] = []  # of the cases that fall through to the next
    outer_depth = low.depth
    start = -1
    for case in low.named(body) if body else ():
        start = case.start_byte if start < 0 else start
        low.depth = outer_depth + min(len(arms), LONGEST_CHAIN)
        value = case.child_by_field_id(low.fields.value)
        if value is not None:
            tests.append(_case(low, subject, value))
            subject = again(subject)
        elif case.type != "switch_default":
            low.statement(case, out)  # broken text between the cases
            continue
        own = _case_body(low, case, value)
        if value is None:
            other = own
        elif own:
            is_one = len(tests) == 1
            whole = Span(tests[0].span.start, tests[-1].span.end)
            test = tests[0] if is_one else Operation(whole, "or", tuple(tests))
            arms.append((Span(start, node.end_byte), test, own))
        elif case.next_named_sibling is not None:
            continue
        tests, start = [], -1
    low.depth = outer_depth
    if arms:
        out.append(chain(arms, other))
    else:
        out.append(Opaque(low.span(node), "switch", (subject, *other)))


def again(fact: Expression) -> Expression:
    """`fact` where it is meant a second time: no call or text shall be seen twice."""
    return fact if isinstance(fact, Name | Constant) else Opaque(fact.span, "again")


def _case(low: Lowering, subject: Expression, node: Node) -> Expression:
    """Whether the subject is the case's value; `switch (true)` asks for the value alone."""
    value = low.expression(node)
    if isinstance(subject, Constant) and subject.value is True:
        return value
    return Operation(value.span, "==", (subject, value))


def _case_body(low: Lowering, case: Node, value: Node | None) -> tuple[Statement, ...]:
    """What a case does, without the `break` at its end, which leaves the switch alone."""
    body = low.all([child for child in low.named(case) if child != value])
    return body[:-1] if body and isinstance(body[-1], Jump) and body[-1].kind == "break" else body


def while_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`while (test)` and `do … while (test)`."""
    test = low.field(node, low.fields.condition)
    body = low.block(node.child_by_field_id(low.fields.body))
    kind = "do" if node.type == "do_statement" else "while"
    out.append(Loop(low.span(node), kind, body, test=test))


def for_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`for (before; test; after)`."""
    before = _clause(low, node.child_by_field_name("initializer"))
    tests = _clause(low, node.child_by_field_id(low.fields.condition))
    after = _clause(low, node.child_by_field_name("increment"))
    body = low.block(node.child_by_field_id(low.fields.body))
    test = tests[-1] if tests else None
    out.append(
        Loop(
            low.span(node),
            "for",
            body,
            test=test if isinstance(test, Expression) else None,
            before=before + tests[:-1],
            after=after,
        )
    )


def _clause(low: Lowering, node: Node | None) -> tuple[Statement, ...]:
    """One part of a three-part loop's head."""
    if node is None or node.type == "empty_statement":
        return ()
    if node.type == "sequence_expression":
        return tuple([low.expression(each) for each in in_sequence(low, node)])
    return low.block(node)


def for_in(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`for (target of iterable)`, `for (key in map)`, `for await (…)`."""
    target = low.field(node, low.fields.left)
    iterable = low.field(node, low.fields.right)
    body = low.block(node.child_by_field_id(low.fields.body))
    is_async = any(child.type == "await" for child in node.children[:2])
    out.append(Loop(low.span(node), "for", body, target, iterable, is_async=is_async))


def try_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`try` with its clauses."""
    body = low.block(node.child_by_field_id(low.fields.body))
    caught = node.child_by_field_name("handler")
    handlers = (_handler(low, caught),) if caught else ()
    final = node.child_by_field_name("finalizer")
    ended = low.block(final.child_by_field_id(low.fields.body)) if final else ()
    out.append(Try(low.span(node), body, handlers, (), ended))


def _handler(low: Lowering, node: Node) -> Handler:
    """`catch (error)`; what is taken apart there has no one name."""
    caught = low.optional(node.child_by_field_id(low.fields.parameter))
    name = caught.id if isinstance(caught, Name) else ""
    return Handler(low.span(node), (), name, low.block(node.child_by_field_id(low.fields.body)))


STATEMENTS: dict[str, LowerStatement] = {
    "expression_statement": expression_statement,
    "statement_block": block,
    "return_statement": return_,
    "throw_statement": throw,
    "break_statement": break_,
    "continue_statement": continue_,
    "empty_statement": empty,
    "labeled_statement": labelled,
    "if_statement": if_,
    "switch_statement": switch,
    "while_statement": while_,
    "do_statement": while_,
    "for_statement": for_,
    "for_in_statement": for_in,
    "try_statement": try_,
    "comment": nothing,
    "html_comment": nothing,
    "hash_bang_line": nothing,
    "string_fragment": nothing,
    "escape_sequence": nothing,
}
