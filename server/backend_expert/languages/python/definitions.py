"""Python's functions, lambdas, parameters and classes."""

from typing import Literal

from tree_sitter import Node

from backend_expert.facts.code import (
    Assign,
    Class,
    Collection,
    Expression,
    Function,
    Member,
    Name,
    Parameter,
    Return,
    Statement,
)
from backend_expert.languages.python.expressions import arguments, inner
from backend_expert.languages.python.lowering import Lower, Lowering, LowerStatement
from backend_expert.text.span import Span

_PARAMETER_KINDS: dict[str, Literal["rest", "keyword-rest"]] = {
    "list_splat_pattern": "rest",
    "dictionary_splat_pattern": "keyword-rest",
}


def function(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`def` and `async def`."""
    out.append(_function(low, node, low.span(node), ()))


def class_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`class`."""
    out.append(_class(low, node, low.span(node), ()))


def decorated(low: Lowering, node: Node, out: list[Statement]) -> None:
    """A function or class with decorators, which belong to its span."""
    marks = tuple(inner(low, child) for child in low.named(node) if child.type == "decorator")
    below = node.child_by_field_name("definition")
    if below is None:
        out.append(low.opaque(node))
    elif below.type == "function_definition":
        out.append(_function(low, below, low.span(node), marks))
    else:
        out.append(_class(low, below, low.span(node), marks))


def _function(
    low: Lowering, node: Node, span: Span, decorators: tuple[Expression, ...]
) -> Function:
    name = node.child_by_field_name("name")
    _type_parameters(low, node)
    listed = parameters(low, node.child_by_field_name("parameters"))
    returns = low.optional(node.child_by_field_name("return_type"))
    outer_yields, low.yields = low.yields, False
    body = low.block(node.child_by_field_name("body"))
    is_generator, low.yields = low.yields, outer_yields
    return Function(
        span,
        low.word(name),
        low.span(name or node),
        listed,
        body,
        decorators,
        returns,
        is_async=low.text.startswith("async", node.start_byte),
        is_generator=is_generator,
        is_static=any(isinstance(d, Name) and d.id == "staticmethod" for d in decorators),
    )


def _class(low: Lowering, node: Node, span: Span, decorators: tuple[Expression, ...]) -> Class:
    name = node.child_by_field_name("name")
    _type_parameters(low, node)
    bases = arguments(low, node.child_by_field_name("superclasses"))
    # The flag of an enclosing function must not be set by a class body's stray `yield`.
    outer_yields = low.yields
    body = low.block(node.child_by_field_name("body"))
    low.yields = outer_yields
    return Class(span, low.word(name), low.span(name or node), bases, body, decorators)


def _type_parameters(low: Lowering, node: Node) -> None:
    """`[T: int]` after a name has no word among the facts; its names are remembered."""
    listed = node.child_by_field_name("type_parameters")
    if listed is not None:
        low.opaque(listed)


def lambda_(low: Lowering, node: Node) -> Expression:
    """A lambda that no variable holds."""
    return _lambda(low, node, None)


def _lambda(low: Lowering, node: Node, target: Expression | None) -> Function:
    """A lambda, named by the variable or attribute that it is assigned to."""
    listed = node.child_by_field_name("parameters")
    read = parameters(low, listed)
    name = ""
    name_span = Span(node.start_byte, listed.end_byte if listed else node.start_byte + 6)
    if isinstance(target, Name):
        name, name_span = target.id, target.span
    elif isinstance(target, Member):
        name, name_span = target.name, target.name_span
    outer_yields, low.yields = low.yields, False
    value = low.field(node, "body")
    is_generator, low.yields = low.yields, outer_yields
    body = (Return(value.span, value),)
    return Function(
        low.span(node), name, name_span, read, body, is_generator=is_generator, is_lambda=True
    )


def parameters(low: Lowering, node: Node | None) -> tuple[Parameter, ...]:
    """The parameters of a function or lambda; those after `*` can be given by keyword only."""
    out: list[Parameter] = []
    after_star = False
    for child in low.named(node) if node else ():
        if child.type == "keyword_separator":
            after_star = True
        elif child.type != "positional_separator":
            read = _parameter(low, child, after_star)
            after_star = after_star or read.kind == "rest"
            out.append(read)
    return tuple(out)


def _parameter(low: Lowering, node: Node, after_star: bool) -> Parameter:
    """One parameter with its annotation and default."""
    kind: Literal["positional", "keyword", "rest", "keyword-rest"]
    kind = "keyword" if after_star else "positional"
    annotation = low.optional(node.child_by_field_name("type"))
    default = low.optional(node.child_by_field_name("value"))
    held = node.child_by_field_name("name") or node
    if held.type == "typed_parameter":
        held = low.named(held)[0]
    if held.type in _PARAMETER_KINDS:
        kind = _PARAMETER_KINDS[held.type]
        held = (low.named(held) or [held])[0]
    pattern = None
    if held.type == "tuple_pattern":
        read = low.expression(held)
        pattern = read if isinstance(read, Collection) else None
    name = "" if held.type == "tuple_pattern" else low.word(held)
    return Parameter(low.span(node), name, annotation, default, kind, pattern)


def assignment(low: Lowering, node: Node) -> Expression:
    """`a = b = value`, `name: type = value`, `name: type`."""
    targets: list[Expression] = []
    annotation: Expression | None = None
    right: Node | None = node
    while right is not None and right.type == "assignment":
        targets.append(low.field(right, "left"))
        annotation = annotation or low.optional(right.child_by_field_name("type"))
        right = right.child_by_field_name("right")
    if right is not None and right.type == "lambda":
        value: Expression | None = _lambda(low, right, targets[0])
    else:
        value = low.optional(right)
    return Assign(low.span(node), tuple(targets), value, annotation)


def augmented_assignment(low: Lowering, node: Node) -> Expression:
    """`target += value`."""
    sign = node.child_by_field_name("operator")
    operator = sign.type.removesuffix("=") if sign else ""
    target, value = low.field(node, "left"), low.field(node, "right")
    return Assign(low.span(node), (target,), value, None, operator)


def type_alias(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`type Name = value`: an assignment, its type parameters passed over."""
    target = low.field(node, "left")
    out.append(Assign(low.span(node), (target,), low.field(node, "right")))


DEFINITIONS: dict[str, LowerStatement] = {
    "function_definition": function,
    "class_definition": class_,
    "decorated_definition": decorated,
    "type_alias_statement": type_alias,
}
ASSIGNMENTS: dict[str, Lower] = {
    "lambda": lambda_,
    "assignment": assignment,
    "augmented_assignment": augmented_assignment,
}
