"""Python's comprehensions and generator expressions."""

from tree_sitter import Node

from backend_expert.facts.code import Collection, Comprehension, Expression, Generator
from backend_expert.languages.python.expressions import entries, inner
from backend_expert.languages.python.lowering import Lower, Lowering
from backend_expert.text.span import Span


def comprehension(low: Lowering, node: Node) -> Expression:
    """`[element for target in iterable if condition]` and its kin."""
    parts = low.named(node)
    generators = _generators(low, parts[1:])
    if not generators:
        return low.opaque(node)
    span, first = low.span(node), parts[0]
    if node.type == "list_comprehension":
        return Comprehension(span, "list", low.expression(first), generators)
    if node.type == "set_comprehension":
        return Comprehension(span, "set", low.expression(first), generators)
    if node.type == "generator_expression":
        return Comprehension(span, "generator", low.expression(first), generators)
    pair = low.named(first)
    if len(pair) != 2:
        return low.opaque(node)
    key = low.expression(pair[0])
    return Comprehension(span, "map", low.expression(pair[1]), generators, key)


def _generators(low: Lowering, nodes: list[Node]) -> tuple[Generator, ...]:
    out: list[Generator] = []
    for place, node in enumerate(nodes):
        if node.type != "for_in_clause":
            continue
        ends = node.end_byte
        conditions: list[Expression] = []
        for below in nodes[place + 1 :]:
            if below.type != "if_clause":
                break
            conditions.append(inner(low, below))
            ends = below.end_byte
        span = Span(node.start_byte, ends)
        target, iterable = low.field(node, "left"), _iterable(low, node)
        is_async = low.text.startswith("async", node.start_byte)
        out.append(Generator(span, target, iterable, tuple(conditions), is_async))
    return tuple(out)


def _iterable(low: Lowering, node: Node) -> Expression:
    """What a `for` clause runs over; Python 2 allowed several things there."""
    nodes = [child for child in node.children_by_field_name("right") if child.is_named]
    if len(nodes) == 1:
        return low.expression(nodes[0])
    if not nodes:
        return low.field(node, "right")
    span = Span(nodes[0].start_byte, nodes[-1].end_byte)
    return Collection(span, "tuple", entries(low, nodes))


COMPREHENSIONS: dict[str, Lower] = {
    "list_comprehension": comprehension,
    "set_comprehension": comprehension,
    "dictionary_comprehension": comprehension,
    "generator_expression": comprehension,
}
