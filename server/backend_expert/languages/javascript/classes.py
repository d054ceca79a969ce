"""Classes: their heads, bases, fields and methods."""

from tree_sitter import Node

from backend_expert.facts.code import (
    Argument,
    Assign,
    Class,
    Expression,
    Name,
    Opaque,
    Statement,
    Text,
)
from backend_expert.languages.javascript.functions import method, named
from backend_expert.languages.javascript.lowering import Lower, Lowering, LowerStatement
from backend_expert.languages.javascript.types import applied
from backend_expert.text.span import Span

_METHODS = frozenset(
    (
        "method_definition",
        "method_signature",
        "abstract_method_signature",
        "construct_signature",
        "call_signature",
    )
)
_FIELDS = frozenset(("field_definition", "public_field_definition", "property_signature"))


def class_(
    low: Lowering, node: Node, decorators: tuple[Expression, ...] = (), given_name: str = ""
) -> Class:
    """A class; `decorators` are those that stand before its `export`."""
    given_name, low.given_name = low.given_name or given_name, ""
    name = node.child_by_field_id(low.fields.name)
    own: list[Expression] = list(decorators)
    bases: list[Argument] = []
    head_end = node.start_byte + len("class")
    for child in low.named(node):
        kind = child.type
        if kind == "decorator":
            own.append(low.only(child))
        elif kind == "class_heritage":
            bases += _heritage(low, child)
            head_end = child.end_byte
        elif kind == "type_parameters":
            low.opaque(child)
    body = node.child_by_field_id(low.fields.body)
    start = min([node.start_byte, *(mark.span.start - 1 for mark in own)])
    return Class(
        Span(start, node.end_byte),
        low.word(name) if name else given_name,
        low.span(name) if name else Span(node.start_byte, head_end),
        tuple(bases),
        tuple(members(low, body)) if body else (),
        tuple(own),
    )


def _heritage(low: Lowering, node: Node) -> list[Argument]:
    """What a class extends and implements. TypeScript has a clause for each."""
    out: list[Argument] = []
    for child in low.named(node):
        if child.type == "extends_clause":
            out += _extended(low, child)
        elif child.type == "implements_clause":
            out += [_base(low.expression(part)) for part in low.named(child)]
        else:
            out.append(_base(low.expression(child)))
    return out


def _base(fact: Expression) -> Argument:
    return Argument(fact.span, fact)


def _extended(low: Lowering, node: Node) -> list[Argument]:
    """`extends Base<Type>`, where the type stands beside its base."""
    out: list[Argument] = []
    for part in low.named(node):
        if part.type == "type_arguments" and out:
            out[-1] = _base(applied(low, out[-1].value, part))
        else:
            out.append(_base(low.expression(part)))
    return out


def members(low: Lowering, body: Node) -> list[Statement]:
    """The members of a class's body; in TypeScript a method's decorators stand before it."""
    out: list[Statement] = []
    waiting: list[Expression] = []
    for child in low.named(body):
        kind = child.type
        if kind == "decorator":
            waiting.append(low.only(child))
            continue
        if kind in _METHODS:
            out.append(method(low, child, tuple(waiting)))
        elif kind in _FIELDS:
            out.append(field(low, child, tuple(waiting)))
        elif kind == "class_static_block":
            out.append(Opaque(low.span(child), "static", low.all(_inside(low, child))))
        else:
            out += low.all([child])
        waiting.clear()
    out += waiting  # decorators whose method is not written yet
    return out


def _inside(low: Lowering, node: Node) -> list[Node]:
    body = node.child_by_field_id(low.fields.body)
    return body.named_children if body else []


def field(low: Lowering, node: Node, decorators: tuple[Expression, ...] = ()) -> Assign:
    """A field of a class or interface: an assignment in its body."""
    fields = low.fields
    name = node.child_by_field_id(fields.name) or node.child_by_field_id(fields.property)
    target: Expression = low.field(node, 0) if name is None else low.expression(name)
    if isinstance(target, Text):
        target = Name(target.span, target.value or "")
    marks = tuple([low.only(mark) for mark in node.children_by_field_name("decorator")])
    value = node.child_by_field_id(fields.value)
    return Assign(
        low.span(node),
        (target,),
        None if value is None else named(low, value, target),
        low.optional(node.child_by_field_id(fields.type)) if low.is_typed else None,
        "",
        True,
        decorators + marks,
    )


def class_statement(low: Lowering, node: Node, out: list[Statement]) -> None:
    """A class that is declared."""
    out.append(class_(low, node))


def _body(low: Lowering, node: Node, out: list[Statement]) -> None:
    out += members(low, node)


def _method_statement(low: Lowering, node: Node, out: list[Statement]) -> None:
    out.append(method(low, node, ()))


CLASSES: dict[str, Lower] = {
    "class": class_,
    "field_definition": field,
    "public_field_definition": field,
    "property_signature": field,
    "decorator": lambda low, node: low.only(node),
}
CLASS_STATEMENTS: dict[str, LowerStatement] = {
    "class_declaration": class_statement,
    "abstract_class_declaration": class_statement,
    "class_body": _body,
    "method_signature": _method_statement,
    "abstract_method_signature": _method_statement,
    "call_signature": _method_statement,
    "construct_signature": _method_statement,
}
