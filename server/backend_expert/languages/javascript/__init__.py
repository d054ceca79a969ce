"""The reader of JavaScript and TypeScript: `cutting` finds the items, the rest lowers each."""

import re

from tree_sitter import Node, Query

from backend_expert.facts.item import Comment, Item, Place
from backend_expert.languages import syntax
from backend_expert.languages.javascript import cutting
from backend_expert.languages.javascript.grammars import JAVASCRIPT, TSX, TYPESCRIPT
from backend_expert.languages.javascript.lowering import Grammar, Lowering
from backend_expert.languages.patterns import compiled
from backend_expert.languages.reader import Cut, Reader
from backend_expert.text.span import Span

_COMMENT_TYPES = frozenset(("comment", "html_comment", "hash_bang_line"))
_COMMENTS = "[(comment) (html_comment) (hash_bang_line)] @comment"
_PREFIX = "class _{\n"
_SUFFIX = "\n}"
# The types of a tagged template, which the grammar takes for comparisons: sql<User[]>`…`.
_TAG_TYPES = compiled(r"(?<=[\w$])<(?:[^<>{}()`'\";=]|\{[^{}`]*+\}|<[^<>`]*+>)*+>(?=`)")
_CLOSES_CLASS = compiled(r"^\}", re.MULTILINE)


class JavaScriptReader:
    """Reads one of the four languages with the grammar that fits it."""

    def __init__(self, language: str, grammar: Grammar) -> None:
        self.language = language
        self._grammar = grammar
        self._comments = Query(grammar.language, _COMMENTS)

    def next_cut(self, text: str, start: int, place: Place) -> Cut:
        """The item that starts at `start`; see `Reader`."""
        return cutting.next_cut(text, start, place)

    def lower(self, text: str, place: Place) -> Item:
        """The facts of one item; see `Reader`."""
        text = syntax.without_surrogates(text)
        low = Lowering(self._grammar, text)
        readable = text
        if low.is_typed and ">`" in text:
            # What is blanked may be within a string; those are taken from the text as well.
            readable = _TAG_TYPES.sub(lambda types: " " * len(types[0]), text)
        root = self._root(readable, place)
        body = low.all(_unwrapped(root) if place.owner else root.named_children)
        comments: tuple[Comment, ...] = ()
        if low.has_comments:
            if place.owner_line:  # the tree was edited
                comments = syntax.comments_walked(root, _COMMENT_TYPES, text)
            else:
                comments = syntax.comments(root, self._comments, text)
        faults = _faults(root, len(text))
        if readable is not text:
            low.names.update(*map(syntax.words, _TAG_TYPES.findall(text)))
        for fault in faults:
            low.names.update(syntax.words(text[fault.start : fault.end]))
        low.names.discard("")
        return Item(place, body, comments, faults, frozenset(low.names))

    def _root(self, text: str, place: Place) -> Node:
        """The tree of an item's text; that of a class's part is parsed with what it lacks.

        The head and all members but the last do not close the class. Where a look at the text
        misleads, the other way is tried.
        """
        if not place.owner_line:
            return syntax.parse(self._grammar.language, text).root_node
        prefix = _PREFIX if place.owner else ""
        suffixes = ("", _SUFFIX) if _CLOSES_CLASS.search(text) else (_SUFFIX, "")
        root = self._wrapped(prefix, text, suffixes[0])
        if root.has_error:
            other = self._wrapped(prefix, text, suffixes[1])
            root = root if other.has_error else other
        return root

    def _wrapped(self, prefix: str, text: str, suffix: str) -> Node:
        tree = syntax.parse(self._grammar.language, prefix + text + suffix)
        # Taking both out of the tree makes its offsets those of the text.
        end = len(prefix) + len(text)
        tree.edit(end, end + len(suffix), end, (0, 0), (1, 0), (0, 0))
        tree.edit(0, len(prefix), 0, (0, 0), (1, 0), (0, 0))
        return tree.root_node


def _unwrapped(root: Node) -> list[Node]:
    """What stands in the class around a member, and what follows that class."""
    listed: list[Node] = []
    for node in root.named_children:
        body = node.child_by_field_name("body") if node.type == "class_declaration" else None
        if body is not None and node.start_byte == 0:
            listed.append(body)
        elif node.end_byte > 0 and node.type != "empty_statement":  # `};` of a class expression
            listed.append(node)
    return listed


def _faults(root: Node, length: int) -> tuple[Span, ...]:
    """The faults within the item, not those of what was put around it."""
    if not root.has_error:
        return ()
    found = [fault for fault in syntax.faults(root) if fault.start < length or length == 0]
    return tuple(Span(fault.start, min(fault.end, length)) for fault in found)


READERS: dict[str, Reader] = {
    "javascript": JavaScriptReader("javascript", JAVASCRIPT),
    "javascriptreact": JavaScriptReader("javascriptreact", JAVASCRIPT),
    "typescript": JavaScriptReader("typescript", TYPESCRIPT),
    "typescriptreact": JavaScriptReader("typescriptreact", TSX),
}
