"""Imports and exports, of ES modules, CommonJS and TypeScript."""

from tree_sitter import Node

from backend_expert.facts.code import (
    Assign,
    Expression,
    Import,
    Name,
    Opaque,
    Statement,
)
from backend_expert.languages.javascript.classes import class_
from backend_expert.languages.javascript.functions import named
from backend_expert.languages.javascript.lowering import Lowering, LowerStatement
from backend_expert.text.span import Span

_CLASSES = frozenset(("class_declaration", "abstract_class_declaration", "class"))


def module_name(low: Lowering, node: Node | None) -> str:
    """The module that a string names; `node:fs` is `fs`."""
    return "" if node is None else low.written(node).strip("'\"`").removeprefix("node:")


def import_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`import` in all its forms: one fact for each name that it brings in."""
    before = len(out)
    module = module_name(low, node.child_by_field_name("source"))
    is_type = _is_type(node)
    for part in low.named(node):
        if part.type == "import_clause":
            _import_clause(low, part, module, is_type, out)
        elif part.type == "import_require_clause":
            parts = low.named(part)
            source = part.child_by_field_name("source")
            alias = low.word(parts[0]) if parts else None
            out.append(Import(low.span(part), module_name(low, source), None, alias, is_type))
    if len(out) == before:
        out.append(Import(low.span(node), module))


def _is_type(node: Node) -> bool:
    """Whether `type` (or Flow's `typeof`) stands behind the first word."""
    return any(child.type in ("type", "typeof") for child in node.children[:2])


def _import_clause(
    low: Lowering, node: Node, module: str, is_type: bool, out: list[Statement]
) -> None:
    for part in low.named(node):
        if part.type == "named_imports":
            for specifier in low.named(part):
                if specifier.type == "import_specifier":
                    out.append(_specifier(low, specifier, module, is_type))
        else:
            inner = low.named(part) if part.type == "namespace_import" else [part]
            alias = low.word(inner[0]) if inner else None
            out.append(Import(low.span(part), module, None, alias, is_type))


def _specifier(low: Lowering, node: Node, module: str, is_type: bool) -> Import:
    """`name`, `name as alias`, `type name` of an import or of an export from a module."""
    name = node.child_by_field_id(low.fields.name)
    alias = node.child_by_field_name("alias")
    word: str | None = low.word(name).strip("'\"")
    other = low.word(alias) if alias else None
    if word == "default":
        word = None
    is_type = is_type or _is_type(node)
    return Import(low.span(node), module, word, None if other == word else other, is_type)


def export(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`export` adds nothing to what it exports, but a default gets the name `default`."""
    fields = low.fields
    source = node.child_by_field_name("source")
    declared = node.child_by_field_name("declaration")
    value = node.child_by_field_id(fields.value)
    marks = tuple([low.only(mark) for mark in node.children_by_field_name("decorator")])
    if source is not None:
        _export_from(low, node, module_name(low, source), out)
    elif declared is not None and declared.type in _CLASSES:
        out.append(class_(low, declared, marks, "default"))
    elif declared is not None:
        low.given_name = "default"
        low.statement(declared, out)
        low.given_name = ""
    elif value is not None:
        _export_default(low, node, value, marks, out)
    else:
        _export_rest(low, node, out)


def _export_default(
    low: Lowering, node: Node, value: Node, marks: tuple[Expression, ...], out: list[Statement]
) -> None:
    word = next((child for child in node.children if child.type == "default"), node)
    target = Name(low.span(word), "default")
    if value.type in _CLASSES:
        out.append(class_(low, value, marks, "default"))
        return
    fact = named(low, value, target)
    is_function = value.kind_id in low.kinds.nameable and value.kind_id != low.kinds.arrow
    if is_function:
        out.append(fact)
    else:
        out.append(Assign(low.span(node), (target,), fact))


def _export_from(low: Lowering, node: Node, module: str, out: list[Statement]) -> None:
    """`export {name} from 'module'` brings the name in as well."""
    before = len(out)
    is_type = _is_type(node)
    for part in low.named(node):
        if part.type == "export_clause":
            for specifier in low.named(part):
                out.append(_specifier(low, specifier, module, is_type))
        elif part.type == "namespace_export":
            inner = low.named(part)
            alias = low.word(inner[0]) if inner else None
            out.append(Import(low.span(part), module, None, alias, is_type))
    if len(out) == before:
        name = "*" if any(child.type == "*" for child in node.children) else None
        out.append(Import(low.span(node), module, name, None, is_type))


def _export_rest(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`export {a, b as c}`, `export = value`, `export as namespace name`."""
    parts = low.named(node)
    if any(child.type == "=" for child in node.children) and parts:
        at = Span(node.start_byte, node.start_byte + len("export"))
        target = Name(at, "default")
        out.append(Assign(low.span(node), (target,), named(low, parts[-1], target)))
        return
    listed: list[Expression] = []
    for part in parts:
        for specifier in low.named(part) if part.type == "export_clause" else [part]:
            name = specifier.child_by_field_id(low.fields.name) or specifier
            listed.append(Name(low.span(name), low.word(name)))
            low.word(specifier.child_by_field_name("alias"))
    out.append(Opaque(low.span(node), "export", tuple(listed)))


def required(low: Lowering, node: Node) -> list[Import] | None:
    """What `name = require('module')` brings in; None when `node` declares something else.

    `name` may be a pattern, and `require('module').member` stands for that member.
    """
    name = node.child_by_field_id(low.fields.name)
    value = node.child_by_field_id(low.fields.value)
    if name is None or value is None:
        return None
    kind, member = value.kind_id, None
    if kind == low.kinds.member:
        member = value.child_by_field_id(low.fields.property)
        value = value.child_by_field_id(low.fields.object)
    module = None if value is None else _required_module(low, value)
    if module is None:
        return None
    if name.kind_id == low.kinds.identifier:
        alias, word = low.word(name), low.word(member) or None
        if word == "default":
            word = None
        return [Import(low.span(node), module, word, None if alias == word else alias)]
    if name.type != "object_pattern" or member is not None:
        return None
    return _taken(low, name, module)


def _required_module(low: Lowering, node: Node) -> str | None:
    """The module of `require('module')`."""
    if node.kind_id != low.kinds.call:
        return None
    callee = node.child_by_field_id(low.fields.function)
    given = node.child_by_field_id(low.fields.arguments)
    if callee is None or given is None or low.written(callee) != "require":
        return None
    listed = low.named(given)
    if len(listed) != 1 or listed[0].kind_id != low.kinds.string:
        return None
    low.names.add("require")
    return module_name(low, listed[0])


def _taken(low: Lowering, pattern: Node, module: str) -> list[Import] | None:
    """`{a, b: c} = require('module')`; None when the pattern takes more than names."""
    out: list[Import] = []
    for part in low.named(pattern):
        kind, span = part.type, low.span(part)
        if kind == "shorthand_property_identifier_pattern":
            out.append(Import(span, module, low.word(part)))
            continue
        key = part.child_by_field_id(low.fields.key)
        value = part.child_by_field_id(low.fields.value)
        if kind != "pair_pattern" or value is None or value.kind_id != low.kinds.identifier:
            return None
        word, alias = low.word(key).strip("'\""), low.word(value)
        out.append(Import(span, module, None if word == "default" else word, alias))
    return out


MODULES: dict[str, LowerStatement] = {"import_statement": import_, "export_statement": export}
