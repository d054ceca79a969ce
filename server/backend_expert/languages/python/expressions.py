"""Python's expressions, each lowered into the neutral facts."""

from msgspec import structs
from tree_sitter import Node

from backend_expert.facts.code import (
    Argument,
    Assign,
    Await,
    Call,
    Choice,
    Collection,
    Constant,
    Entry,
    Expression,
    Index,
    Member,
    Name,
    Opaque,
    Operation,
    Text,
    Yield,
)
from backend_expert.languages.python.lowering import Lower, Lowering
from backend_expert.text.span import Span

_SPREADS = frozenset(("list_splat", "dictionary_splat", "list_splat_pattern"))
_WORDS = {"<>": "!=", "not in": "not-in", "is not": "is-not"}


def attribute(low: Lowering, node: Node) -> Expression:
    """`object.name`."""
    parts = low.named(node)
    if len(parts) != 2:
        return low.opaque(node)
    return Member(low.span(node), low.expression(parts[0]), low.word(parts[1]))


def call(low: Lowering, node: Node) -> Expression:
    """`callee(arguments)`."""
    parts = low.named(node)
    if len(parts) != 2:
        return low.opaque(node)
    callee = low.expression(parts[0])
    return Call(low.span(node), callee, arguments(low, parts[1]))


def arguments(low: Lowering, node: Node | None) -> tuple[Argument, ...]:
    """The arguments in a pair of brackets, which may be missing."""
    if node is None:
        return ()
    if node.type == "generator_expression":
        return (Argument(low.span(node), low.expression(node)),)
    out: list[Argument] = []
    for child in low.listed(node):
        if child.type == "keyword_argument":
            parts = low.named(child)
            if len(parts) == 2:
                name = low.word(parts[0])
                out.append(Argument(low.span(child), low.expression(parts[1]), name))
                continue
        value, spread = _spread(low, child)
        out.append(Argument(low.span(child), value, None, spread))
    return tuple(out)


def inner(low: Lowering, node: Node) -> Expression:
    """Brackets and wrappers that add nothing to what they hold."""
    parts = low.named(node)
    return low.expression(parts[0]) if len(parts) == 1 else low.opaque(node)


def subscript(low: Lowering, node: Node) -> Expression:
    """`object[key]`; several keys are a tuple, as they are for Python."""
    parts = low.named(node)
    if len(parts) < 2:
        return low.opaque(node)
    value = low.expression(parts[0])
    if len(parts) == 2 and parts[1].type not in _SPREADS:
        return Index(low.span(node), value, low.expression(parts[1]))
    keys = Span(parts[1].start_byte, parts[-1].end_byte)
    return Index(low.span(node), value, Collection(keys, "tuple", entries(low, parts[1:])))


def generic_type(low: Lowering, node: Node) -> Expression:
    """`list[int]` in an annotation, which the grammar tells from a subscript."""
    parts = low.named(node)
    if len(parts) != 2:
        return low.opaque(node)
    value = low.expression(parts[0])
    keys = low.named(parts[1])
    if len(keys) == 1:
        return Index(low.span(node), value, low.expression(keys[0]))
    where = Span(keys[0].start_byte, keys[-1].end_byte) if keys else low.span(parts[1])
    return Index(low.span(node), value, Collection(where, "tuple", entries(low, keys)))


def binary(low: Lowering, node: Node) -> Expression:
    """`a + b + c` as one operation, however long; `and` and `or` as well."""
    parts = low.every(node)
    if len(parts) != 3:
        return low.opaque(node)
    kind, operator = node.type, parts[1].type
    operands = [low.expression(parts[2])]
    left = parts[0]
    while left.type == kind:
        parts = low.every(left)
        if len(parts) != 3 or parts[1].type != operator:
            break
        operands.append(low.expression(parts[2]))
        left = parts[0]
    operands.append(low.expression(left))
    operands.reverse()
    return Operation(low.span(node), operator, tuple(operands))


def unary(low: Lowering, node: Node) -> Expression:
    """`not x`, `-x`, `+x`, `~x`."""
    parts = low.every(node)
    if len(parts) != 2:
        return low.opaque(node)
    return Operation(low.span(node), parts[0].type, (low.expression(parts[1]),))


def comparison(low: Lowering, node: Node) -> Expression:
    """`a < b`; `a < b <= c` is `a < b and b <= c`."""
    parts = low.every(node)
    if len(parts) < 3 or len(parts) % 2 == 0:
        return low.opaque(node)
    signs = [_WORDS.get(sign.type, sign.type) for sign in parts[1::2]]
    operands = [low.expression(part) for part in parts[0::2]]
    if len(set(signs)) == 1:
        return Operation(low.span(node), signs[0], tuple(operands))
    pairs: list[Expression] = []
    left = operands[0]
    for sign, right in zip(signs, operands[1:], strict=True):
        pairs.append(Operation(Span(left.span.start, right.span.end), sign, (left, right)))
        left = again(right)
    return Operation(low.span(node), "and", tuple(pairs))


def again(fact: Expression) -> Expression:
    """`fact` where it is meant a second time: no call or text shall be seen twice."""
    return fact if isinstance(fact, Name | Constant | Text) else Opaque(fact.span, "again")


def conditional(low: Lowering, node: Node) -> Expression:
    """`then if test else other`."""
    parts = low.named(node)
    if len(parts) != 3:
        return low.opaque(node)
    then, test, other = (low.expression(part) for part in parts)
    return Choice(low.span(node), test, then, other)


def entries(low: Lowering, nodes: list[Node]) -> tuple[Entry, ...]:
    """The members of a list, tuple, set or map."""
    out: list[Entry] = []
    for node in nodes:
        if node.type == "pair":
            parts = low.named(node)
            if len(parts) == 2:
                key = low.expression(parts[0])
                out.append(Entry(low.span(node), low.expression(parts[1]), key))
                continue
        value, spread = _spread(low, node)
        out.append(Entry(low.span(node), value, None, spread))
    return tuple(out)


def _spread(low: Lowering, node: Node) -> tuple[Expression, bool]:
    """A member of a list or of arguments, and whether a star stands before it."""
    if node.type in _SPREADS:
        parts = low.named(node)
        return low.expression(parts[0] if parts else node), True
    value = low.expression(node)
    if not low.text.startswith("*", node.start_byte):
        return value, False
    return _without_star(value, node.start_byte), True


def _without_star(fact: Expression, star: int) -> Expression:
    """The `a.b()` of `[*a.b()]`, where the grammar takes the star for a part of `a`."""
    if fact.span.start != star:
        return fact
    match fact:
        case Call(callee=first):
            changed = {"callee": _without_star(first, star)}
        case Member(object=first) | Index(object=first):
            changed = {"object": _without_star(first, star)}
        case Operation(operands=(first, *rest)):
            changed = {"operands": (_without_star(first, star), *rest)}
        case Choice(then=first):
            changed = {"then": _without_star(first, star)}
        case _:
            changed = {}
    return structs.replace(fact, span=Span(star + 1, fact.span.end), **changed)


def sequence(low: Lowering, node: Node) -> Expression:
    """A list, tuple, set or map, also as the target of an assignment."""
    kind = node.type
    if kind == "tuple_pattern" and not any(sign.type == "," for sign in node.children):
        return inner(low, node)  # `(x) = 1` has no tuple in it.
    listed = entries(low, low.listed(node))
    if kind == "dictionary":
        return Collection(low.span(node), "map", listed)
    if kind == "set":
        return Collection(low.span(node), "set", listed)
    is_list = kind in ("list", "list_pattern")
    return Collection(low.span(node), "list" if is_list else "tuple", listed)


def awaiting(low: Lowering, node: Node) -> Expression:
    """`await value`, where a call awaited straight away is marked."""
    value = inner(low, node)
    if isinstance(value, Call):
        value = Call(value.span, value.callee, value.arguments, False, True)
    return Await(low.span(node), value)


def yielding(low: Lowering, node: Node) -> Expression:
    """`yield`, `yield value`, `yield from value`."""
    low.yields = True
    parts = low.named(node)
    delegated = any(child.type == "from" for child in node.children)
    return Yield(low.span(node), low.expression(parts[0]) if parts else None, delegated)


def walrus(low: Lowering, node: Node) -> Expression:
    """`name := value`."""
    return Assign(low.span(node), (low.field(node, "name"),), low.field(node, "value"))


def dotted_name(low: Lowering, node: Node) -> Expression:
    """`a.b.c` where the grammar expects a name: in patterns."""
    parts = low.named(node)
    if not parts:
        return low.opaque(node)
    fact = low.expression(parts[0])
    for part in parts[1:]:
        fact = Member(Span(node.start_byte, part.end_byte), fact, low.word(part))
    return fact


EXPRESSIONS: dict[str, Lower] = {
    "attribute": attribute,
    "call": call,
    "parenthesized_expression": inner,
    "type": inner,
    "as_pattern_target": inner,
    "list_splat": inner,
    "splat_pattern": inner,
    "subscript": subscript,
    "generic_type": generic_type,
    "member_type": attribute,
    "binary_operator": binary,
    "boolean_operator": binary,
    "union_type": binary,
    "not_operator": unary,
    "unary_operator": unary,
    "comparison_operator": comparison,
    "conditional_expression": conditional,
    "list": sequence,
    "tuple": sequence,
    "set": sequence,
    "dictionary": sequence,
    "expression_list": sequence,
    "list_pattern": sequence,
    "tuple_pattern": sequence,
    "pattern_list": sequence,
    "await": awaiting,
    "yield": yielding,
    "named_expression": walrus,
    "dotted_name": dotted_name,
}
