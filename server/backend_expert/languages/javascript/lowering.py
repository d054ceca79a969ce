"""The state of lowering one item: its text, its names, how deep we are, and the way down.

`expression` and `statement` are the only ways from one node to the next, so the depth limit and
the treatment of broken text live here; what a kind of node means stands in the tables.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from sys import intern

import msgspec
from tree_sitter import Language, Node

from backend_expert.facts.code import Expression, Name, Opaque, Statement
from backend_expert.languages.syntax import DEEPEST, words
from backend_expert.text.span import Span

_named: Callable[[Node], list[Node]] = attrgetter("named_children")
_COMMENTS = frozenset(("comment", "html_comment", "hash_bang_line"))
# Named nodes that say nothing on their own; within broken text they are passed over.
_MUTE = _COMMENTS | {"string_fragment", "escape_sequence", "optional_chain", "regex_flags"}


def _named_read(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type not in _COMMENTS]


class Fields:
    """The numbers of a grammar's fields: a look-up by number takes half as long as by name."""

    def __init__(self, language: Language) -> None:
        def number(name: str) -> int:
            return language.field_id_for_name(name) or 0

        self.alternative = number("alternative")
        self.arguments = number("arguments")
        self.body = number("body")
        self.condition = number("condition")
        self.consequence = number("consequence")
        self.function = number("function")
        self.index = number("index")
        self.key = number("key")
        self.left = number("left")
        self.name = number("name")
        self.object = number("object")
        self.operator = number("operator")
        self.parameter = number("parameter")
        self.parameters = number("parameters")
        self.property = number("property")
        self.return_type = number("return_type")
        self.right = number("right")
        self.type = number("type")
        self.type_arguments = number("type_arguments")
        self.type_parameters = number("type_parameters")
        self.value = number("value")


class Kinds:
    """The numbers of the kinds of nodes that are asked for by name in a hurry."""

    def __init__(self, language: Language) -> None:
        def number(name: str) -> int:
            return language.id_for_node_kind(name, True) or -1

        self.arguments = number("arguments")
        self.arrow = number("arrow_function")
        self.assignment = number("assignment_expression")
        self.binary = number("binary_expression")
        self.call = number("call_expression")
        self.class_ = number("class")
        self.function = number("function_expression")
        self.generator = number("generator_function")
        self.identifier = number("identifier")
        self.member = number("member_expression")
        self.method = number("method_definition")
        self.non_null = number("non_null_expression")
        self.pair = number("pair")
        self.spread = number("spread_element")
        self.statement_block = number("statement_block")
        self.string = number("string")
        self.subscript = number("subscript_expression")
        self.nameable = frozenset((self.arrow, self.function, self.generator, self.class_))


class Grammar(msgspec.Struct, frozen=True):
    """One of the three grammars with its tables, by number of kind."""

    language: Language
    fields: Fields
    kinds: Kinds
    is_typed: bool
    expressions: "Mapping[int, Lower]"
    statements: "Mapping[int, LowerStatement]"


class Lowering:
    """Lowers the nodes of one tree. `named` gives a node's named children without comments."""

    __slots__ = (
        "depth",
        "expressions",
        "fields",
        "given_name",
        "has_comments",
        "is_typed",
        "kinds",
        "named",
        "names",
        "statements",
        "text",
    )

    def __init__(self, grammar: Grammar, text: str) -> None:
        self.text = text
        self.fields = grammar.fields
        self.kinds = grammar.kinds
        self.is_typed = grammar.is_typed
        self.expressions = grammar.expressions
        self.statements = grammar.statements
        self.names: set[str] = set()
        self.depth = 0
        self.given_name = ""  # of the function or class that is read next, when it has none
        marks = ("//", "/*", "#!", "<!--")
        self.has_comments = any(mark in text for mark in marks)
        self.named = _named_read if self.has_comments else _named

    def expression(self, node: Node) -> Expression:
        """What an expression's node says."""
        kind = node.kind_id
        if kind == self.kinds.identifier:
            start = node.start_byte
            end = node.end_byte
            word = intern(self.text[start:end])
            self.names.add(word)
            span = Span(start, end)
            return Name(span, word) if word else Opaque(span, "missing")
        lower = self.expressions.get(kind)
        if lower is None or self.depth >= DEEPEST:
            return self.opaque(node)
        self.depth += 1
        fact = lower(self, node)
        self.depth -= 1
        return fact

    def statement(self, node: Node, out: list[Statement]) -> None:
        """Add to `out` what a statement's node says; a declaration may say several things."""
        lower = self.statements.get(node.kind_id)
        if lower is None:
            out.append(self.expression(node))
        elif self.depth >= DEEPEST:
            out.append(self.opaque(node))
        else:
            self.depth += 1
            lower(self, node, out)
            self.depth -= 1

    def block(self, node: Node | None) -> tuple[Statement, ...]:
        """The statements of a block; a body without braces is one as well."""
        if node is None:
            return ()
        out: list[Statement] = []
        if node.kind_id == self.kinds.statement_block:
            for child in node.named_children:
                self.statement(child, out)
        else:
            self.statement(node, out)
        return tuple(out)

    def all(self, nodes: list[Node]) -> tuple[Statement, ...]:
        """What several statements' nodes say."""
        out: list[Statement] = []
        for node in nodes:
            self.statement(node, out)
        return tuple(out)

    def optional(self, node: Node | None) -> Expression | None:
        """What `node` says, or None when there is no node."""
        return None if node is None else self.expression(node)

    def field(self, node: Node, field: int) -> Expression:
        """What a field of a node says; an empty `Opaque` when broken text lacks it."""
        child = node.child_by_field_id(field) if field else None
        if child is None:
            return Opaque(Span(node.end_byte, node.end_byte), "missing")
        return self.expression(child)

    def only(self, node: Node) -> Expression:
        """What the first child of a wrapper says, that adds nothing to it."""
        parts = self.named(node)
        return self.expression(parts[0]) if parts else self.opaque(node)

    def opaque(self, node: Node, kind: str = "") -> Opaque:
        """A node that has no word among the facts: its parts are seen, it is not understood."""
        kind = kind or node.type
        if self.depth >= DEEPEST:
            self.names.update(map(intern, words(self.text[node.start_byte : node.end_byte])))
            return Opaque(self.span(node), kind)
        self.depth += 1
        parts = self.all([child for child in node.named_children if child.type not in _MUTE])
        self.depth -= 1
        return Opaque(self.span(node), kind, parts)

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
        self.names.add(word)
        return word


Lower = Callable[[Lowering, Node], Expression]
LowerStatement = Callable[[Lowering, Node, list[Statement]], None]
