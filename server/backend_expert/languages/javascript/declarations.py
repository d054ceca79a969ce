"""Declarations of names: variables, and TypeScript's interfaces, enums, aliases, namespaces."""

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
from backend_expert.languages.javascript.classes import members
from backend_expert.languages.javascript.functions import named
from backend_expert.languages.javascript.lowering import Lowering, LowerStatement
from backend_expert.languages.javascript.modules import required
from backend_expert.text.span import Span


def variables(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`const a = 1, b = 2`: an assignment or import for each; a lone one has the whole span."""
    fields = low.fields
    listed = [child for child in low.named(node) if child.type == "variable_declarator"]
    for child in listed:
        imports = required(low, child)
        if imports is not None:
            out += imports
            continue
        start = node.start_byte if len(listed) == 1 else child.start_byte
        target = low.field(child, fields.name)
        annotation: Expression | None = None
        if low.is_typed:
            annotation = low.optional(child.child_by_field_id(fields.type))
        right = child.child_by_field_id(fields.value)
        value = None if right is None else named(low, right, target)
        out.append(
            Assign(Span(start, child.end_byte), (target,), value, annotation, "", declares=True)
        )


def interface(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`interface Name extends Other {}`: a class with fields and methods without bodies."""
    bases: list[Argument] = []
    for child in low.named(node):
        if child.type == "extends_type_clause":
            for part in low.named(child):
                fact = low.expression(part)
                bases.append(Argument(fact.span, fact))
        elif child.type == "type_parameters":
            low.opaque(child)
    _class(low, node, node.child_by_field_id(low.fields.body), bases, out)


def _class(
    low: Lowering, node: Node, body: Node | None, bases: list[Argument], out: list[Statement]
) -> None:
    name = node.child_by_field_id(low.fields.name)
    inside = tuple(members(low, body)) if body else ()
    where = low.span(name or node)
    out.append(Class(low.span(node), low.word(name), where, tuple(bases), inside))


def alias(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`type Name = …`: a class where it is an object type, else its parts are seen."""
    listed = node.child_by_field_id(low.fields.type_parameters)
    if listed is not None:
        low.opaque(listed)
    value = node.child_by_field_id(low.fields.value)
    if value is not None and value.type == "object_type":
        _class(low, node, value, [], out)
        return
    low.word(node.child_by_field_id(low.fields.name))
    parts = (low.expression(value),) if value else ()
    out.append(Opaque(low.span(node), "type", parts))


def enum(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`enum Name {A = 1, B}`: a class with a field for each member."""
    fields = low.fields
    name = node.child_by_field_id(fields.name)
    body = node.child_by_field_id(fields.body)
    listed: list[Statement] = []
    for child in low.named(body) if body else ():
        held = child.child_by_field_id(fields.name) or child
        value = child.child_by_field_id(fields.value)
        target: Expression = low.expression(held)
        if isinstance(target, Text):
            target = Name(target.span, target.value or "")
        given = None if value is None else low.expression(value)
        listed.append(Assign(low.span(child), (target,), given, None, "", declares=True))
    out.append(Class(low.span(node), low.word(name), low.span(name or node), (), tuple(listed)))


def namespace(low: Lowering, node: Node) -> Opaque:
    """`namespace Name {}` and `declare module 'name' {}`: the statements in it are seen."""
    name = node.child_by_field_id(low.fields.name)
    if name is not None and name.type != "string":
        low.expression(name)
    return Opaque(low.span(node), "namespace", low.block(node.child_by_field_id(low.fields.body)))


def _namespace_statement(low: Lowering, node: Node, out: list[Statement]) -> None:
    out.append(namespace(low, node))


def ambient(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`declare …` adds nothing to what it declares."""
    for child in low.named(node):
        low.statement(child, out)


def import_alias(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`import name = Other.name`."""
    parts = [low.expression(part) for part in low.named(node)]
    if len(parts) == 2:
        out.append(Assign(low.span(node), (parts[0],), parts[1], None, "", declares=True))
    else:
        out.append(low.opaque(node))


DECLARATIONS: dict[str, LowerStatement] = {
    "lexical_declaration": variables,
    "variable_declaration": variables,
    "using_declaration": variables,
    "interface_declaration": interface,
    "type_alias_declaration": alias,
    "enum_declaration": enum,
    "module": _namespace_statement,
    "internal_module": _namespace_statement,
    "ambient_declaration": ambient,
    "import_alias": import_alias,
}
