"""TypeScript's types, as they stand in annotations."""

from tree_sitter import Node

from backend_expert.facts.code import (
    Collection,
    Entry,
    Expression,
    Index,
    Member,
    Name,
    Operation,
    Text,
)
from backend_expert.languages.javascript.literals import property_text
from backend_expert.languages.javascript.lowering import Lower, Lowering
from backend_expert.text.span import Span


def generic(low: Lowering, node: Node) -> Expression:
    """`Promise<User>`."""
    parts = low.named(node)
    if len(parts) != 2:
        return low.opaque(node)
    return applied(low, low.expression(parts[0]), parts[1])


def applied(low: Lowering, base: Expression, arguments: Node) -> Expression:
    """`base<Type>`; several types are a tuple, as they are in Python."""
    span = Span(base.span.start, arguments.end_byte)
    keys = [low.expression(part) for part in low.named(arguments)]
    if len(keys) == 1:
        return Index(span, base, keys[0])
    listed = tuple([Entry(key.span, key) for key in keys])
    return Index(span, base, Collection(low.span(arguments), "tuple", listed))


def nested(low: Lowering, node: Node) -> Expression:
    """`module.Type`."""
    parts = low.named(node)
    if not parts:
        return low.opaque(node)
    fact = low.expression(parts[0])
    for part in parts[1:]:
        fact = Member(Span(node.start_byte, part.end_byte), fact, low.word(part))
    return fact


def union(low: Lowering, node: Node) -> Expression:
    """`A | B | C` and `A & B`, flat however long."""
    operator = "|" if node.type == "union_type" else "&"
    operands: list[Expression] = []
    left: Node | None = node
    while left is not None and left.kind_id == node.kind_id:
        parts = low.named(left)
        left = None
        if len(parts) == 2:
            left = parts.pop(0)
        operands += [low.expression(part) for part in reversed(parts)]
    if left is not None:
        operands.append(low.expression(left))
    operands.reverse()
    return operands[0] if len(operands) == 1 else Operation(low.span(node), operator, (*operands,))


def array_type(low: Lowering, node: Node) -> Expression:
    """`Type[]` is `Array<Type>`."""
    at = Span(node.end_byte, node.end_byte)
    return Index(low.span(node), Name(at, "Array"), low.only(node))


def lookup(low: Lowering, node: Node) -> Expression:
    """`Type['key']`."""
    parts = low.named(node)
    if len(parts) != 2:
        return low.opaque(node)
    return Index(low.span(node), low.expression(parts[0]), low.expression(parts[1]))


def tuple_type(low: Lowering, node: Node) -> Expression:
    """`[A, B]`."""
    entries = [Entry(low.span(part), low.expression(part)) for part in low.named(node)]
    return Collection(low.span(node), "tuple", tuple(entries))


def object_type(low: Lowering, node: Node) -> Expression:
    """`{name: Type}` where no name is given to it: a map from names to types."""
    entries: list[Entry] = []
    for part in low.named(node):
        name = part.child_by_field_id(low.fields.name)
        kind = part.child_by_field_id(low.fields.type)
        if part.type == "property_signature" and name is not None and kind is not None:
            key = low.expression(name)
            key = key if isinstance(key, Text) else property_text(low, name)
            entries.append(Entry(low.span(part), low.expression(kind), key))
        else:
            entries.append(Entry(low.span(part), low.opaque(part)))
    return Collection(low.span(node), "map", tuple(entries))


def query(low: Lowering, node: Node) -> Expression:
    """`typeof value` in a type."""
    return Operation(low.span(node), "typeof", (low.only(node),))


TYPES: dict[str, Lower] = {
    "type_annotation": lambda low, node: low.only(node),
    "generic_type": generic,
    "nested_type_identifier": nested,
    "nested_identifier": nested,
    "union_type": union,
    "intersection_type": union,
    "array_type": array_type,
    "readonly_type": lambda low, node: low.only(node),
    "parenthesized_type": lambda low, node: low.only(node),
    "literal_type": lambda low, node: low.only(node),
    "default_type": lambda low, node: low.only(node),
    "constraint": lambda low, node: low.only(node),
    "lookup_type": lookup,
    "tuple_type": tuple_type,
    "object_type": object_type,
    "type_query": query,
}
