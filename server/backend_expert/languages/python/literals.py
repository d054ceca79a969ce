"""Python's literals: numbers, constants, and strings with their escapes and holes."""

import re
import unicodedata

from tree_sitter import Node

from backend_expert.facts.code import Constant, Expression, Fragment, Hole, Opaque, Text
from backend_expert.languages.python.lowering import Lower, Lowering
from backend_expert.text.span import Span

_LINE_END = r"\r\n?"
_BRACES = r"\{\{|\}\}"
_IN_BYTES = r"\\(?:\r\n|[\r\n]|[0-7]{1,3}|x[0-9a-fA-F]{2}|[abfnrtv'\"\\])"
_IN_TEXT = r"\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^{}\r\n]*\})"

# By (is_raw, is_bytes, has_holes): what does not stand for itself in such a string.
_ESCAPES = {
    (is_raw, is_bytes, has_holes): re.compile(
        "|".join(
            [_LINE_END]
            + ([] if is_raw else [_IN_BYTES])
            + ([] if is_raw or is_bytes else [_IN_TEXT])
            + ([_BRACES] if has_holes else [])
        )
    )
    for is_raw in (True, False)
    for is_bytes in (True, False)
    for has_holes in (True, False)
}
_FORMS = frozenset(("=", "type_conversion", "format_specifier"))
_CONTROL = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def string(low: Lowering, node: Node) -> Text:
    """One string literal."""
    parts: list[Fragment | Hole] = []
    is_bytes = _read_string(low, node, parts)
    return Text(low.span(node), tuple(parts), None, is_bytes)


def concatenated_string(low: Lowering, node: Node) -> Text:
    """Strings that stand side by side, which Python joins: one text."""
    parts: list[Fragment | Hole] = []
    is_bytes = False
    for child in low.named(node):
        is_bytes = _read_string(low, child, parts)
    return Text(low.span(node), tuple(parts), None, is_bytes)


def _read_string(low: Lowering, node: Node, parts: list[Fragment | Hole]) -> bool:
    """Add what one literal says to `parts`; whether it is a byte string."""
    children = node.named_children
    if not children:
        return False
    at = children[0].end_byte
    prefix = low.text[node.start_byte : at].lower()
    is_bytes = "b" in prefix
    has_holes = "f" in prefix or "t" in prefix
    escapes = _ESCAPES["r" in prefix, is_bytes, has_holes]
    if has_holes:
        for child in children:
            if child.type == "interpolation":
                _add_fragments(low.text, at, child.start_byte, escapes, parts)
                parts.append(_hole(low, child))
                at = child.end_byte
    _add_fragments(low.text, at, _end_of_content(low, node, children), escapes, parts)
    return is_bytes


def _end_of_content(low: Lowering, node: Node, children: list[Node]) -> int:
    """Where the closing quotes stand, or the end of a literal that lacks them."""
    opened, end = children[0].end_byte, node.end_byte
    quotes = low.text[opened - 3 : opened] if node.end_byte >= opened + 3 else ""
    if len(set(quotes)) != 1:
        quotes = low.text[opened - 1 : opened]
    # The grammar's own end of a raw string of nothing but backslashes begins too early.
    is_closed = children[-1].type == "string_end" and low.text.endswith(quotes, opened, end)
    return end - len(quotes) if is_closed else end


def _add_fragments(
    text: str, start: int, end: int, escapes: re.Pattern[str], parts: list[Fragment | Hole]
) -> None:
    """Add the literal characters of `text[start:end]`, each escape as a fragment of its own."""
    run = text[start:end]
    if not ("\\" in run or "{" in run or "}" in run or "\r" in run):
        if run:
            parts.append(Fragment(Span(start, end), run))
        return
    at = start
    for found in escapes.finditer(text, start, end):
        value = _unescaped(found[0])
        if value is None:
            continue  # No such character: Python refuses it, we take it as it is written.
        if at < found.start():
            parts.append(Fragment(Span(at, found.start()), text[at : found.start()]))
        at = found.end()
        parts.append(Fragment(Span(found.start(), at), value))
    if at < end:
        parts.append(Fragment(Span(at, end), text[at:end]))


def _unescaped(escape: str) -> str | None:
    """What an escape sequence, a doubled brace or a line end stands for; None for nothing."""
    if escape[0] != "\\":
        return "\n" if escape[0] == "\r" else escape[0]
    kind = escape[1]
    if kind in _CONTROL:
        return _CONTROL[kind]
    if kind in "\r\n":
        return ""
    if kind in "xuU":
        return _character(int(escape[2:], 16))
    if kind in "01234567":
        return _character(int(escape[1:], 8))
    if kind == "N":
        try:
            return unicodedata.lookup(escape[3:-1])
        except KeyError:
            return None
    return kind


def _character(code: int) -> str | None:
    if code > 0x10FFFF:
        return None
    # Half a surrogate pair cannot be written to the index or sent to an editor.
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)


def _hole(low: Lowering, node: Node) -> Hole:
    """`{value!r:>10}`, with what follows the value kept as text."""
    span = low.span(node)
    value = node.child_by_field_name("expression")
    if value is None:
        return Hole(span, Opaque(Span(span.start + 1, span.start + 1), "missing"))
    if value.type == "named_expression":
        value = low.named(value)[0]  # `{x:=9}` is padded, not assigned to.
        return Hole(span, low.expression(value), low.text[value.end_byte : span.end - 1].strip())
    forms = [child for child in node.children if child.type in _FORMS]
    for part in forms:
        # The shapes have no place for values within a format; only their names are kept.
        low.opaque(part)
    form = low.text[forms[0].start_byte : forms[-1].end_byte] if forms else ""
    return Hole(span, low.expression(value), form)


def integer(low: Lowering, node: Node) -> Expression:
    """A whole number; one of Python 2 or with `j` has no word among the facts."""
    try:
        value = int(low.written(node), 0)
    except ValueError:
        return low.opaque(node)
    # The index keeps 64 bits; a greater number is near enough as a float.
    is_small = -(2**63) <= value < 2**63
    return Constant(low.span(node), value if is_small else _as_float(value))


def _as_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def floating(low: Lowering, node: Node) -> Expression:
    """A number with a point or an exponent."""
    try:
        return Constant(low.span(node), float(low.written(node)))
    except ValueError:
        return low.opaque(node)


LITERALS: dict[str, Lower] = {
    "string": string,
    "concatenated_string": concatenated_string,
    "integer": integer,
    "float": floating,
    "true": lambda low, node: Constant(low.span(node), True),
    "false": lambda low, node: Constant(low.span(node), False),
    "none": lambda low, node: Constant(low.span(node), None),
}
