"""JavaScript's literals: numbers, constants, strings with escapes, templates with holes."""

import re

from tree_sitter import Node

from backend_expert.facts.code import (
    Constant,
    Expression,
    Fragment,
    Hole,
    Name,
    Opaque,
    Text,
)
from backend_expert.languages.javascript.lowering import Lower, Lowering
from backend_expert.text.span import Span

# A pair of surrogates is one character, so it is one escape.
_ESCAPE = re.compile(
    r"\r\n?|\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|[\s\S])"
)
_CONTROL = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"}


def string(low: Lowering, node: Node) -> Text:
    """A string literal; one that is broken runs to where the grammar gave up."""
    start, end = node.start_byte, node.end_byte
    text = low.text
    inner = end - 1 if end - start > 1 and text[end - 1] == text[start] else end
    return Text(Span(start, end), tuple(fragments(text, start + 1, inner)))


def template(low: Lowering, node: Node, tag: Expression | None = None) -> Text:
    """A template string with its holes; `tag` is the function before it."""
    start, end = node.start_byte, node.end_byte
    text = low.text
    inner = end - 1 if end - start > 1 and text[end - 1] == "`" else end
    at = start + 1
    parts: list[Fragment | Hole] = []
    for child in low.named(node):
        if child.type in ("template_substitution", "template_type"):
            parts += fragments(text, at, child.start_byte)
            at = child.end_byte
            parts.append(Hole(Span(child.start_byte, at), _held(low, child)))
    parts += fragments(text, at, inner)
    whole = Span(start if tag is None else tag.span.start, end)
    return Text(whole, tuple(parts), tag)


def _held(low: Lowering, hole: Node) -> Expression:
    parts = low.named(hole)
    if parts:
        return low.expression(parts[0])
    return Opaque(Span(hole.start_byte + 2, hole.start_byte + 2), "missing")


def fragments(text: str, start: int, end: int) -> list[Fragment | Hole]:
    """The literal characters of `text[start:end]`, each escape as a fragment of its own."""
    if start >= end:
        return []
    value = text[start:end]
    if "\\" not in value and "\r" not in value:
        return [Fragment(Span(start, end), value)]
    parts: list[Fragment | Hole] = []
    at = start
    for found in _ESCAPE.finditer(text, start, end):
        if at < found.start():
            parts.append(Fragment(Span(at, found.start()), text[at : found.start()]))
        at = found.end()
        parts.append(Fragment(Span(found.start(), at), _unescaped(found[0])))
    if at < end:
        parts.append(Fragment(Span(at, end), text[at:end]))
    return parts


def _unescaped(escape: str) -> str:
    """What an escape sequence stands for; a line end of any kind is a line feed."""
    if escape[0] == "\r":
        return "\n"
    kind = escape[1]
    if kind in "\r\n\u2028\u2029":
        return ""
    if len(escape) == 2:
        return _CONTROL.get(kind, kind)
    if len(escape) == 12:
        high, low = int(escape[2:6], 16), int(escape[8:], 16)
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    code = int(escape[2:].strip("{}"), 16)
    # Half a pair cannot be written to the index or sent to an editor.
    return "\ufffd" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)


def regex(low: Lowering, node: Node) -> Opaque:
    """A regular expression: its pattern is seen as a text, in which nothing is unescaped."""
    pattern = node.child_by_field_name("pattern")
    if pattern is None:
        return Opaque(low.span(node), "regex")
    span = low.span(pattern)
    return Opaque(low.span(node), "regex", (Text(span, (Fragment(span, low.written(pattern)),)),))


def number(low: Lowering, node: Node) -> Constant:
    """A number of any notation."""
    written = low.written(node)
    return Constant(low.span(node), int(written) if _is_short(written) else _number(written))


def _is_short(written: str) -> bool:
    return written.isdecimal() and len(written) < 19 and (written[0] != "0" or written == "0")


def _number(written: str) -> int | float | None:
    digits = written.replace("_", "").rstrip("n").lower()
    try:
        if digits[:2] in ("0x", "0o", "0b"):
            value = int(digits, 0)
        elif digits.isdecimal():
            is_octal = digits[0] == "0" and digits.strip("01234567") == ""
            value = int(digits[:4000], 8 if is_octal else 10)
        else:
            return float(digits)
        # The index keeps 64 bits; a greater number is near enough as a float.
        return value if value < 2**63 else float(value)
    except ValueError:
        return None
    except OverflowError:
        return float("inf")


def property_text(low: Lowering, node: Node) -> Text:
    """The name of a property as the text that it is: the key in `{name: value}`."""
    span = low.span(node)
    return Text(span, (Fragment(span, low.word(node)),))


def this(low: Lowering, node: Node) -> Name:
    """`this` is called `self` in every language."""
    low.names.add("self")
    return Name(low.span(node), "self")


def name(low: Lowering, node: Node) -> Name:
    """Whatever is a name but no plain identifier."""
    return Name(low.span(node), low.word(node))


def null(low: Lowering, node: Node) -> Constant:
    """`null` and `undefined`."""
    return Constant(low.span(node), None)


LITERALS: dict[str, Lower] = {
    "string": string,
    "template_string": template,
    "template_literal_type": template,
    "regex": regex,
    "number": number,
    "true": lambda low, node: Constant(low.span(node), True),
    "false": lambda low, node: Constant(low.span(node), False),
    "null": null,
    "undefined": null,
    "this": this,
    "this_type": this,
    "super": name,
    "import": name,
    "property_identifier": name,
    "private_property_identifier": name,
    "statement_identifier": name,
    "type_identifier": name,
    "predefined_type": name,
    "shorthand_property_identifier": name,
    "shorthand_property_identifier_pattern": name,
    "existential_type": name,
    "jsx_identifier": name,
}
