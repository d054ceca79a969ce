"""JavaScript's expressions, each lowered into the neutral facts."""

from tree_sitter import Node

from backend_expert.facts.code import (
    Argument,
    Assign,
    Await,
    Call,
    Choice,
    Constant,
    Expression,
    Index,
    Member,
    Name,
    Opaque,
    Operation,
    Yield,
)
from backend_expert.languages.javascript.functions import named
from backend_expert.languages.javascript.literals import template
from backend_expert.languages.javascript.lowering import Lower, Lowering
from backend_expert.languages.syntax import DEEPEST
from backend_expert.text.span import Span

_WORDS = {"===": "==", "!==": "!=", "&&": "and", "||": "or", "!": "not", ">>>": ">>"}
# Chains of these are flat; comparisons are not, since `a < b < c` compares a truth with `c`.
_FLAT = frozenset(("+", "-", "*", "/", "%", "&&", "||", "??", "&", "|", "^", "<<", ">>", ">>>"))


def chain(low: Lowering, node: Node) -> Expression:
    """`a.b(c)[d]?.e` from its foot upwards, so that a long chain is no deep recursion."""
    kinds, fields = low.kinds, low.fields
    call, member, subscript, non_null = kinds.call, kinds.member, kinds.subscript, kinds.non_null
    links: list[tuple[int, Node]] = []
    foot: Node | None = node
    while foot is not None:
        kind = foot.kind_id
        if kind in (member, subscript):
            below = foot.child_by_field_id(fields.object)
        elif kind == call:
            below = foot.child_by_field_id(fields.function)
        elif kind == non_null:
            below = (low.named(foot) or [None])[0]
        else:
            break
        links.append((kind, foot))
        foot = below
    fact = low.field(node, 0) if foot is None else low.expression(foot)
    start = node.start_byte
    links.reverse()
    room = max(DEEPEST - low.depth, 4)
    if len(links) > room:
        fact = _deep(low, fact, links[:-room])
        links = links[-room:]
    low.depth += len(links)
    for kind, link in links:
        low.depth -= 1
        if kind == member:
            word = link.child_by_field_id(fields.property)
            fact = Member(Span(start, link.end_byte), fact, low.word(word))
        elif kind == call:
            fact = _call(low, link, fact)
        elif kind == subscript:
            key = low.field(link, fields.index)
            fact = Index(Span(start, link.end_byte), fact, key)
    return fact


def _deep(low: Lowering, foot: Expression, links: list[tuple[int, Node]]) -> Opaque:
    """The lower part of a chain too long to nest: the arguments in it, side by side."""
    parts: list[Expression] = [foot]
    for kind, link in links:
        if kind == low.kinds.call:
            parts += [argument.value for argument in _arguments(low, link)]
        elif kind == low.kinds.member:
            low.word(link.child_by_field_id(low.fields.property))
    return Opaque(Span(foot.span.start, links[-1][1].end_byte), "chain", tuple(parts))


def _call(low: Lowering, node: Node, callee: Expression) -> Expression:
    given = node.child_by_field_id(low.fields.arguments)
    if given is not None and given.kind_id != low.kinds.arguments:
        return template(low, given, callee)
    return Call(Span(node.start_byte, node.end_byte), callee, _arguments(low, node, given))


def _arguments(low: Lowering, node: Node, given: Node | None = None) -> tuple[Argument, ...]:
    """The arguments of a call or construction."""
    if low.is_typed:
        types = node.child_by_field_id(low.fields.type_arguments)
        if types is not None:
            low.opaque(types)  # for the names in it
    if given is None:
        given = node.child_by_field_id(low.fields.arguments)
        if given is None:
            return ()
    spread = low.kinds.spread
    out: list[Argument] = []
    for child in low.named(given):
        if child.kind_id == spread:
            out.append(Argument(low.span(child), low.only(child), None, True))
        else:
            value = low.expression(child)
            out.append(Argument(value.span, value))
    return tuple(out)


def new(low: Lowering, node: Node) -> Expression:
    """`new Class(arguments)`."""
    maker = node.child_by_field_name("constructor")
    callee = low.expression(maker) if maker else low.field(node, 0)
    return Call(low.span(node), callee, _arguments(low, node), True)


def binary(low: Lowering, node: Node) -> Expression:
    """`a + b + c` as one operation, however long."""
    fields, kind = low.fields, low.kinds.binary
    sign = node.child_by_field_id(fields.operator)
    if sign is None:
        return low.opaque(node)
    sign_kind, operator = sign.kind_id, sign.type
    operands = [low.field(node, fields.right)]
    left = node.child_by_field_id(fields.left)
    if operator in _FLAT:
        while left is not None and left.kind_id == kind:
            sign = left.child_by_field_id(fields.operator)
            if sign is None or sign.kind_id != sign_kind:
                break
            operands.append(low.field(left, fields.right))
            left = left.child_by_field_id(fields.left)
    operands.append(low.field(node, 0) if left is None else low.expression(left))
    operands.reverse()
    return Operation(
        Span(node.start_byte, node.end_byte), _WORDS.get(operator, operator), tuple(operands)
    )


def unary(low: Lowering, node: Node) -> Expression:
    """`!x`, `-x`, `typeof x`, `void x`, `delete x`."""
    sign = node.child_by_field_id(low.fields.operator)
    operand = node.child_by_field_name("argument")
    if sign is None or operand is None:
        return low.opaque(node)
    return Operation(low.span(node), _WORDS.get(sign.type, sign.type), (low.expression(operand),))


def update(low: Lowering, node: Node) -> Expression:
    """`x++` is `x += 1`."""
    sign = node.child_by_field_id(low.fields.operator)
    target = node.child_by_field_name("argument")
    if sign is None or target is None:
        return low.opaque(node)
    one = Constant(low.span(sign), 1)
    return Assign(low.span(node), (low.expression(target),), one, None, sign.type[0])


def assignment(low: Lowering, node: Node) -> Expression:
    """`a = b = value`."""
    targets: list[Expression] = []
    right: Node | None = node
    while right is not None and right.kind_id == low.kinds.assignment:
        targets.append(low.field(right, low.fields.left))
        right = right.child_by_field_id(low.fields.right)
    value = low.field(node, 0) if right is None else named(low, right, targets[0])
    return Assign(low.span(node), tuple(targets), value)


def augmented_assignment(low: Lowering, node: Node) -> Expression:
    """`target += value`."""
    sign = node.child_by_field_id(low.fields.operator)
    operator = sign.type.removesuffix("=") if sign else ""
    target = low.field(node, low.fields.left)
    value = low.field(node, low.fields.right)
    return Assign(low.span(node), (target,), value, None, _WORDS.get(operator, operator))


def ternary(low: Lowering, node: Node) -> Expression:
    """`test ? then : other`."""
    fields = low.fields
    test, then = low.field(node, fields.condition), low.field(node, fields.consequence)
    return Choice(low.span(node), test, then, low.field(node, fields.alternative))


def awaiting(low: Lowering, node: Node) -> Expression:
    """`await value`, where a call awaited straight away is marked."""
    value = low.only(node)
    if isinstance(value, Call):
        value = Call(value.span, value.callee, value.arguments, value.is_new, True)
    return Await(low.span(node), value)


def yielding(low: Lowering, node: Node) -> Expression:
    """`yield`, `yield value`, `yield* value`."""
    parts = low.named(node)
    delegated = len(node.children) > 1 and node.children[1].type == "*"
    return Yield(low.span(node), low.expression(parts[0]) if parts else None, delegated)


def inner(low: Lowering, node: Node) -> Expression:
    """Brackets, casts and other wrappers that add nothing to what they hold."""
    parts = low.named(node)
    if not parts:
        return low.opaque(node)
    fact = low.expression(parts[0])
    for part in parts[1:]:
        low.expression(part)  # a type; for the names in it
    return fact


def last(low: Lowering, node: Node) -> Expression:
    """`<Type>value`, whose type adds nothing."""
    parts = low.named(node)
    facts = [low.expression(part) for part in parts]
    return facts[-1] if facts else low.opaque(node)


def meta_property(low: Lowering, node: Node) -> Expression:
    """`import.meta` and `new.target`."""
    word, _, rest = low.written(node).partition(".")
    start = node.start_byte
    return Member(low.span(node), Name(Span(start, start + len(word)), word), rest)


def sequence(low: Lowering, node: Node) -> Expression:
    """`a, b, c` where one value is wanted."""
    return Opaque(low.span(node), "sequence", tuple(map(low.expression, in_sequence(low, node))))


def in_sequence(low: Lowering, node: Node) -> list[Node]:
    """The expressions of a sequence, which older grammars nest."""
    listed: list[Node] = []
    rest: Node | None = node
    while rest is not None:
        parts = low.named(rest)
        rest = None
        if parts and parts[-1].kind_id == node.kind_id:
            rest = parts.pop()
        listed += parts
    return listed


EXPRESSIONS: dict[str, Lower] = {
    "call_expression": chain,
    "member_expression": chain,
    "subscript_expression": chain,
    "non_null_expression": chain,
    "new_expression": new,
    "binary_expression": binary,
    "unary_expression": unary,
    "update_expression": update,
    "assignment_expression": assignment,
    "augmented_assignment_expression": augmented_assignment,
    "ternary_expression": ternary,
    "await_expression": awaiting,
    "yield_expression": yielding,
    "parenthesized_expression": inner,
    "as_expression": inner,
    "satisfies_expression": inner,
    "instantiation_expression": inner,
    "type_assertion": last,
    "meta_property": meta_property,
    "sequence_expression": sequence,
}
