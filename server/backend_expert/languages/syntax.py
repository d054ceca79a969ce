"""What the tree-sitter readers share: parsing in code points, faults, comments, the depth limit."""

import re

from tree_sitter import Language, Node, Parser, Query, QueryCursor, Tree

from backend_expert.facts.item import Comment
from backend_expert.text.span import Span

# Facts nest no deeper than this; a reader lowers what lies below to an `Opaque` without parts.
# It keeps recursive readers of the facts (and msgspec) far from the interpreter's limit.
DEEPEST = 120

_ODD = re.compile("[^\x01-\x7f]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_WORD = re.compile(r"[^\W\d]\w*")
_MARKERS = re.compile(r"\A(?:#+|//+|/\*+|<!--)|\*+/\Z")


class _StandIns(dict[int, int]):
    """Which byte stands for a code point: a letter, a space, or one that no grammar has."""

    def __missing__(self, code: int) -> int:
        character = chr(code)
        if ("a" + character).isidentifier():
            byte = ord("x")
        elif character.isspace() or character in "\ufeff\u2060\u200b":
            byte = ord(" ")
        else:
            byte = 1
        self[code] = byte
        return byte


_STAND_INS = _StandIns()


def stand_in(text: str) -> bytes:
    """`text` as bytes that a grammar reads alike, one byte for each code point.

    tree-sitter counts bytes. Parsing a stand-in instead of UTF-8 makes its offsets code points
    at once, whatever the text holds: emoji, NULs, lone surrogates. A lone carriage return stands
    as the line feed that grammars know. Take words and literals from the text, not from the tree.
    """
    if "\r" in text:
        text = _LONE_RETURN.sub("\n", text)
    if not text.isascii() or "\0" in text:
        text = _ODD.sub(lambda odd: odd[0].translate(_STAND_INS), text)
    return text.encode("ascii")


def without_surrogates(text: str) -> str:
    """`text` with a replacement character for each lone surrogate, which UTF-8 cannot say.

    What readers take from such a text can be written to the index and sent to an editor.
    """
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def parse(language: Language, text: str) -> Tree:
    """The tree of `text`; its `start_byte` and `end_byte` are code points of `text`."""
    # A parser must not be shared between threads, and making one costs a third of a microsecond.
    return Parser(language).parse(stand_in(text))


def span_of(node: Node) -> Span:
    """Where `node` stands, in code points."""
    return Span(node.start_byte, node.end_byte)


def faults(root: Node) -> tuple[Span, ...]:
    """Where the parser could not read on, in order; a missing token is an empty span."""
    if not root.has_error:
        return ()
    found: list[Span] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if node.is_error or node.is_missing:
            found.append(span_of(node))
        else:
            stack += [child for child in node.children if child.has_error]
    return tuple(sorted(found))


def comments(root: Node, query: Query, text: str) -> tuple[Comment, ...]:
    """The comments beneath `root` that `query` captures, in order, without their markers."""
    found = [node for nodes in QueryCursor(query).captures(root).values() for node in nodes]
    spans = sorted(span_of(node) for node in found)
    return tuple(
        Comment(span, _MARKERS.sub("", text[span.start : span.end]).strip()) for span in spans
    )


def comments_walked(root: Node, types: frozenset[str], text: str) -> tuple[Comment, ...]:
    """The same for an edited tree, in which queries find nothing: the comments, by node type."""
    spans: list[Span] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type in types:
            span = span_of(node)
            if span.start < span.end <= len(text):
                spans.append(span)
        else:
            stack += node.children
    return tuple(
        Comment(span, _MARKERS.sub("", text[span.start : span.end]).strip())
        for span in sorted(spans)
    )


def words(text: str) -> list[str]:
    """Whatever looks like an identifier, for text that is too broken or deep to be lowered."""
    return _WORD.findall(text)
