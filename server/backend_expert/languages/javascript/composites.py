"""Arrays, objects, and the patterns that take them apart."""

from tree_sitter import Node

from backend_expert.facts.code import (
    Assign,
    Collection,
    Entry,
    Expression,
    Opaque,
    Text,
)
from backend_expert.languages.javascript.functions import method, named
from backend_expert.languages.javascript.literals import property_text
from backend_expert.languages.javascript.lowering import Lower, Lowering
from backend_expert.text.span import Span


def array(low: Lowering, node: Node) -> Expression:
    """`[a, ...b]`."""
    return Collection(low.span(node), "list", _elements(low, node))


def array_pattern(low: Lowering, node: Node) -> Expression:
    """`[a, b]` as a target: a tuple, for it tells each place by its number."""
    return Collection(low.span(node), "tuple", _elements(low, node))


def _elements(low: Lowering, node: Node) -> tuple[Entry, ...]:
    out: list[Entry] = []
    is_sparse = ",," in low.written(node).replace(" ", "") or low.written(node)[1:2] == ","
    after_comma = True
    for child in node.children if is_sparse else low.named(node):
        if not child.is_named:
            if child.type == "," and after_comma:
                at = Span(child.start_byte, child.start_byte)
                out.append(Entry(at, Opaque(at, "skipped")))
            after_comma = child.type in (",", "[")
            continue
        if child.type == "comment":
            continue
        after_comma = False
        spread = child.type in ("spread_element", "rest_pattern")
        value = low.only(child) if spread else low.expression(child)
        out.append(Entry(low.span(child), value, None, spread))
    return tuple(out)


def object_(low: Lowering, node: Node) -> Expression:
    """`{key: value, name, method() {}, ...rest}`."""
    fields, pair = low.fields, low.kinds.pair
    out: list[Entry] = []
    for child in low.named(node):
        kind = child.kind_id
        if kind == pair:
            key = _key(low, child.child_by_field_id(fields.key), child)
            node_of_value = child.child_by_field_id(fields.value)
            if node_of_value is None:
                value: Expression = low.field(child, 0)
            else:
                value = named(low, node_of_value, key)
            out.append(Entry(low.span(child), value, key))
        else:
            out.append(_odd_entry(low, child))
    return Collection(Span(node.start_byte, node.end_byte), "map", tuple(out))


def _odd_entry(low: Lowering, node: Node) -> Entry:
    """A member of an object that is not a plain `key: value`."""
    if node.kind_id == low.kinds.method:
        key = _key(low, node.child_by_field_id(low.fields.name), node)
        return Entry(low.span(node), method(low, node, ()), key)
    if node.kind_id == low.kinds.spread:
        return Entry(low.span(node), low.only(node), None, True)
    if node.type == "shorthand_property_identifier":
        return Entry(low.span(node), low.expression(node), property_text(low, node))
    return Entry(low.span(node), low.expression(node))


def _key(low: Lowering, node: Node | None, whole: Node) -> Expression:
    """The key of a pair: a text, a number, or the expression in `[…]`."""
    if node is None:
        return low.field(whole, 0)
    kind = node.type
    if kind == "computed_property_name":
        return low.only(node)
    if kind in ("string", "number"):
        return low.expression(node)
    return property_text(low, node)


def object_pattern(low: Lowering, node: Node) -> Expression:
    """`{a, b: c, d = 1, ...rest}` as a target; a default is an assignment to what it fills."""
    out: list[Entry] = []
    for child in low.named(node):
        kind, span = child.type, low.span(child)
        if kind == "pair_pattern":
            key = _key(low, child.child_by_field_id(low.fields.key), child)
            out.append(Entry(span, low.field(child, low.fields.value), key))
        elif kind == "object_assignment_pattern":
            value = with_default(low, child)
            target = value.targets[0]
            key = Text(target.span, ())
            if left := child.child_by_field_id(low.fields.left):
                key = property_text(low, left)
            out.append(Entry(span, value, key))
        elif kind == "rest_pattern":
            out.append(Entry(span, low.only(child), None, True))
        elif kind == "shorthand_property_identifier_pattern":
            out.append(Entry(span, low.expression(child), property_text(low, child)))
        else:
            out.append(Entry(span, low.expression(child)))
    return Collection(low.span(node), "map", tuple(out))


def with_default(low: Lowering, node: Node) -> Assign:
    """`target = default` within a pattern."""
    target = low.field(node, low.fields.left)
    right = node.child_by_field_id(low.fields.right)
    value = None if right is None else named(low, right, target)
    return Assign(low.span(node), (target,), value)


COMPOSITES: dict[str, Lower] = {
    "array": array,
    "array_pattern": array_pattern,
    "object": object_,
    "object_pattern": object_pattern,
    "assignment_pattern": with_default,
    "object_assignment_pattern": with_default,
}
