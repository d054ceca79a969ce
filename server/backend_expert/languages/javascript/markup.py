"""JSX: the element's name, its attributes as a map, and what stands inside."""

from tree_sitter import Node

from backend_expert.facts.code import (
    Collection,
    Constant,
    Entry,
    Expression,
    Fragment,
    Opaque,
    Statement,
    Text,
)
from backend_expert.languages.javascript.lowering import Lower, Lowering
from backend_expert.text.span import Span


def element(low: Lowering, node: Node) -> Opaque:
    """`<tag name={value}>…</tag>` and `<tag />`."""
    parts: list[Statement] = []
    head = node.child_by_field_name("open_tag") or node
    name = head.child_by_field_id(low.fields.name)
    entries: list[Entry] = []
    for child in low.named(head):
        if child == name:
            parts.append(low.expression(child))
        elif child.type == "jsx_attribute":
            entries.append(_attribute(low, child))
        elif child.type == "jsx_expression" and head.type != "jsx_element":
            entries.append(_spread(low, child))
    if entries:
        span = Span(entries[0].span.start, entries[-1].span.end)
        parts.append(Collection(span, "map", tuple(entries)))
    if node.type == "jsx_element":
        for child in low.named(node):
            if child.type == "jsx_text":
                if not low.written(child).isspace():
                    parts.append(_text(low, child))
            elif child.type not in ("jsx_opening_element", "jsx_closing_element"):
                parts.append(low.expression(child))
    return Opaque(low.span(node), "jsx", tuple(parts))


def _attribute(low: Lowering, node: Node) -> Entry:
    """`name`, `name="text"`, `name={value}`."""
    parts = low.named(node)
    key = _text(low, parts[0]) if parts else None
    if parts:
        low.word(parts[0])
    if len(parts) < 2:
        value: Expression = Constant(low.span(node), True)
    elif parts[1].type == "string":
        span = Span(parts[1].start_byte + 1, max(parts[1].end_byte - 1, parts[1].start_byte + 1))
        inside = (Fragment(span, low.text[span.start : span.end]),) if len(span) else ()
        value = Text(low.span(parts[1]), inside)
    else:
        value = low.expression(parts[1])
    return Entry(low.span(node), value, key)


def _spread(low: Lowering, node: Node) -> Entry:
    """`{...properties}` within a tag."""
    parts = low.named(node)
    value = low.only(parts[0]) if parts and parts[0].type == "spread_element" else low.only(node)
    return Entry(low.span(node), value, None, True)


def _text(low: Lowering, node: Node) -> Text:
    """Text that has no escapes: its entities (`&amp;`) stay as they are written."""
    span = low.span(node)
    return Text(span, (Fragment(span, low.written(node)),))


MARKUP: dict[str, Lower] = {
    "jsx_element": element,
    "jsx_self_closing_element": element,
    "jsx_expression": lambda low, node: low.only(node),
    "jsx_text": _text,
    "jsx_attribute": lambda low, node: _attribute(low, node).value,
}
