"""JavaScript's functions, arrows, methods and their parameters."""

from tree_sitter import Node

from backend_expert.facts.code import (
    Assign,
    Collection,
    Expression,
    Function,
    Member,
    Name,
    Parameter,
    Return,
    Statement,
    Text,
)
from backend_expert.languages.javascript.lowering import Lower, Lowering, LowerStatement
from backend_expert.text.span import Span

_ACCESS = frozenset(("accessibility_modifier", "readonly", "override_modifier"))


def named(low: Lowering, node: Node, target: Expression) -> Expression:
    """A value that `target` is given: a nameless function or class takes its name."""
    if node.kind_id not in low.kinds.nameable:
        return low.expression(node)
    if isinstance(target, Name):
        low.given_name = target.id
    elif isinstance(target, Member):
        low.given_name = target.name
    elif isinstance(target, Text):
        low.given_name = target.value or ""
    fact = low.expression(node)
    low.given_name = ""
    return fact


def function(low: Lowering, node: Node) -> Function:
    """`function name() {}` in all its forms, and `function name();` without a body."""
    given_name, low.given_name = low.given_name, ""
    fields = low.fields
    start = node.start_byte
    name = node.child_by_field_id(fields.name)
    listed = node.child_by_field_id(fields.parameters)
    read = parameters(low, listed)
    returns = _types(low, node)
    head = Span(start, listed.end_byte if listed else start)
    return Function(
        Span(start, node.end_byte),
        low.word(name) if name else given_name,
        low.span(name) if name else head,
        read,
        low.block(node.child_by_field_id(fields.body)),
        (),
        returns,
        low.text.startswith("async", start),
        node.type.startswith("generator"),
    )


def arrow(low: Lowering, node: Node) -> Function:
    """`(parameters) => body`; an expression for a body is returned."""
    given_name, low.given_name = low.given_name, ""
    fields = low.fields
    start = node.start_byte
    listed = node.child_by_field_id(fields.parameters)
    if listed is not None:
        head = Span(start, listed.end_byte)
        read = parameters(low, listed)
    else:
        listed = node.child_by_field_id(fields.parameter)
        head = Span(start, listed.end_byte if listed else start)
        read = (_parameter(low, listed),) if listed else ()
    returns = _types(low, node)
    body = node.child_by_field_id(fields.body)
    statements: tuple[Statement, ...]
    if body is None or body.kind_id == low.kinds.statement_block:
        statements = low.block(body)
    else:
        value = low.expression(body)
        statements = (Return(value.span, value),)
    is_async = low.text.startswith("async", start) and bool(listed) and listed.start_byte > start
    return Function(
        Span(start, node.end_byte),
        given_name,
        head,
        read,
        statements,
        (),
        returns,
        is_async,
        is_lambda=True,
    )


def _types(low: Lowering, node: Node) -> Expression | None:
    """The return type; type parameters are passed over but for their names."""
    if not low.is_typed:
        return None
    listed = node.child_by_field_id(low.fields.type_parameters)
    if listed is not None:
        low.opaque(listed)
    return low.optional(node.child_by_field_id(low.fields.return_type))


def method(low: Lowering, node: Node, decorators: tuple[Expression, ...]) -> Function:
    """A method, getter, setter, constructor, or the signature of one."""
    words: set[str] = set()
    own: list[Expression] = []
    start = node.start_byte
    name = node.child_by_field_id(low.fields.name)
    for child in node.children:
        if child == name:
            break
        if child.type == "decorator":
            own.append(low.only(child))
        else:
            words.add(child.type)
    listed = node.child_by_field_id(low.fields.parameters)
    read = parameters(low, listed)
    returns = _types(low, node)
    word = _method_name(low, name)
    body = low.block(node.child_by_field_id(low.fields.body))
    if word == "constructor" and listed and low.is_typed:
        body = (*_parameter_properties(low, listed), *body)
    marks = (*decorators, *own)
    if decorators:
        start = min(start, decorators[0].span.start - 1)
    return Function(
        Span(start, node.end_byte),
        word,
        low.span(name) if name else Span(start, start),
        read,
        body,
        marks,
        returns,
        "async" in words,
        "*" in words,
        "static" in words,
    )


def _method_name(low: Lowering, name: Node | None) -> str:
    """A method's name; that of `'quoted'() {}` without quotes, of `[computed]() {}` none."""
    if name is None:
        return "constructor"  # `new (…): Type` of an interface
    kind = name.type
    if kind == "computed_property_name":
        low.expression(name)
        return ""
    if kind == "string":
        return low.written(name)[1:-1]
    return low.word(name)


def parameters(low: Lowering, node: Node | None) -> tuple[Parameter, ...]:
    """The parameters of a function."""
    if node is None:
        return ()
    return tuple([_parameter(low, child) for child in low.named(node)])


def _parameter(low: Lowering, node: Node) -> Parameter:
    """One parameter with its annotation, default and decorators."""
    if node.kind_id == low.kinds.identifier:
        return Parameter(low.span(node), low.word(node))
    kind = node.type
    annotation: Expression | None = None
    default: Node | None = None
    decorators: tuple[Expression, ...] = ()
    held: Node | None = node
    if kind in ("required_parameter", "optional_parameter"):
        held = node.child_by_field_name("pattern") or node.child_by_field_id(low.fields.name)
        annotation = low.optional(node.child_by_field_id(low.fields.type))
        default = node.child_by_field_id(low.fields.value)
        marks = node.children_by_field_name("decorator")
        decorators = tuple([low.only(mark) for mark in marks])
    if held is not None and held.type == "assignment_pattern":
        default = held.child_by_field_id(low.fields.right)
        held = held.child_by_field_id(low.fields.left)
    is_rest = held is not None and held.type == "rest_pattern"
    if held is not None and is_rest:
        held = (low.named(held) or [None])[0]
    name, pattern = _bound(low, held)
    target: Expression = pattern or Name(low.span(node), name)
    return Parameter(
        low.span(node),
        name,
        annotation,
        None if default is None else named(low, default, target),
        "rest" if is_rest else "positional",
        pattern,
        decorators,
    )


def _bound(low: Lowering, node: Node | None) -> tuple[str, Collection | None]:
    """The name that a parameter binds, or the pattern that takes it apart."""
    if node is None:
        return "", None
    fact = low.expression(node)
    if isinstance(fact, Name):
        return fact.id, None
    return "", fact if isinstance(fact, Collection) else None


def _parameter_properties(low: Lowering, node: Node) -> list[Statement]:
    """`constructor(private readonly db: Pool)` does `this.db = db`."""
    out: list[Statement] = []
    for child in low.named(node):
        if not any(below.type in _ACCESS for below in child.children):
            continue
        held = child.child_by_field_name("pattern")
        if held is not None and held.kind_id == low.kinds.identifier:
            word, span = low.word(held), low.span(held)
            low.names.add("self")
            target = Member(span, Name(Span(span.start, span.start), "self"), word)
            out.append(Assign(low.span(child), (target,), Name(span, word)))
    return out


def _function_statement(low: Lowering, node: Node, out: list[Statement]) -> None:
    out.append(function(low, node))


FUNCTIONS: dict[str, Lower] = {
    "function_expression": function,
    "generator_function": function,
    "arrow_function": arrow,
    "method_definition": lambda low, node: method(low, node, ()),
}
FUNCTION_STATEMENTS: dict[str, LowerStatement] = {
    "function_declaration": _function_statement,
    "generator_function_declaration": _function_statement,
    "function_signature": _function_statement,
}
