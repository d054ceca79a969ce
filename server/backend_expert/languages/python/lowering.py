"""The state of lowering one item: its text, its names, how deep we are, and the way down.

`expression` and `statement` are the only ways from one node to the next, so the depth limit and
the treatment of broken text live here; what a kind of node means stands in the tables.
"""

from collections.abc import Callable
from operator import attrgetter
from sys import intern

from tree_sitter import Node

from backend_expert.facts.code import Expression, Name, Opaque, Statement
from backend_expert.languages.syntax import DEEPEST, words
from backend_expert.text.span import Span

Children = Callable[[Node], list[Node]]

_named: Children = attrgetter("named_children")
_every: Children = attrgetter("children")
_BETWEEN = frozenset(("comment", "line_continuation"))
_UNREAD = _BETWEEN | {"ERROR"}
# Named nodes that say nothing on their own; within broken text they are passed over.
_MUTE = _BETWEEN | {"string_start", "string_content", "string_end", "escape_sequence"}


def _named_between(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type not in _BETWEEN]


def _named_read(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type not in _UNREAD]


def _every_read(node: Node) -> list[Node]:
    return [child for child in node.children if child.type not in _UNREAD]


class Lowering:
    """Lowers the nodes of one tree.

    `named` gives a node's named children and `every` its words and signs too, both without
    comments and broken text; `listed` is `named` with the broken text, for where a list of any
    length stands. A tree without comments and faults is not searched for them.
    """

    __slots__ = (
        "depth", "every", "expressions", "for_types", "listed", "named", "names", "statements",
        "text", "yields",
    )  # fmt: skip

    def __init__(
        self,
        text: str,
        root: Node,
        expressions: "dict[str, Lower]",
        statements: "dict[str, LowerStatement]",
    ) -> None:
        self.text = text
        self.expressions = expressions
        self.statements = statements
        self.names: set[str] = set()
        self.depth = 0
        self.yields = False  # whether the function being read has yielded
        self.for_types = False  # whether we are within `if TYPE_CHECKING:`
        is_plain = "#" not in text and "\\" not in text
        self.listed = _named if is_plain else _named_between
        self.named = _named if is_plain and not root.has_error else _named_read
        self.every = _every if is_plain and not root.has_error else _every_read

    def expression(self, node: Node) -> Expression:
        """What an expression's node says."""
        kind = node.type
        if kind == "identifier":
            start = node.start_byte
            end = node.end_byte
            if start == end:
                return Opaque(Span(start, end), "missing")
            word = intern(self.text[start:end])
            self.names.add(word)
            return Name(Span(start, end), word)
        lower = self.expressions.get(kind)
        if lower is None or self.depth >= DEEPEST:
            return self.opaque(node)
        self.depth += 1
        fact = lower(self, node)
        self.depth -= 1
        return fact

    def statement(self, node: Node, out: list[Statement]) -> None:
        """Add to `out` what a statement's node says; an import may say several things."""
        lower = self.statements.get(node.type)
        if lower is None:
            out.append(self.expression(node))
        elif self.depth >= DEEPEST:
            out.append(self.opaque(node))
        else:
            self.depth += 1
            lower(self, node, out)
            self.depth -= 1

    def block(self, node: Node | None) -> tuple[Statement, ...]:
        """The statements of a block, which may be missing."""
        if node is None:
            return ()
        out: list[Statement] = []
        for child in self.listed(node):
            self.statement(child, out)
        return tuple(out)

    def optional(self, node: Node | None) -> Expression | None:
        """What `node` says, or None when there is no node."""
        return None if node is None else self.expression(node)

    def field(self, node: Node, name: str) -> Expression:
        """What the field `name` of a node says; an empty `Opaque` when broken text lacks it."""
        child = node.child_by_field_name(name)
        if child is None:
            return Opaque(Span(node.end_byte, node.end_byte), "missing")
        return self.expression(child)

    def opaque(self, node: Node) -> Opaque:
        """A node that has no word among the facts: its parts are seen, it is not understood."""
        if self.depth >= DEEPEST:
            self.names.update(map(intern, words(self.text[node.start_byte : node.end_byte])))
            return Opaque(self.span(node), node.type)
        self.depth += 1
        parts: list[Statement] = []
        for child in node.named_children:
            if child.type not in _MUTE:
                self.statement(child, parts)
        self.depth -= 1
        return Opaque(self.span(node), node.type, tuple(parts))

    def span(self, node: Node) -> Span:
        """Where `node` stands in the item."""
        return Span(node.start_byte, node.end_byte)

    def written(self, node: Node) -> str:
        """The text of `node`."""
        return self.text[node.start_byte : node.end_byte]

    def word(self, node: Node | None) -> str:
        """The text of an identifier, remembered among the names of the item."""
        if node is None:
            return ""
        word = intern(self.text[node.start_byte : node.end_byte])
        if word:
            self.names.add(word)
        return word


Lower = Callable[[Lowering, Node], Expression]
LowerStatement = Callable[[Lowering, Node, list[Statement]], None]
