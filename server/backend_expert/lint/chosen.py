"""Numbers that callers choose: where one comes in, when nothing bounds it on its way."""

from backend_expert.facts.code import (
    Assign,
    Await,
    Call,
    Choice,
    Collection,
    Constant,
    Expression,
    Function,
    Index,
    Member,
    Name,
    Node,
    Operation,
    Parameter,
    walk,
)
from backend_expert.lint import Context
from backend_expert.lint.serving import route

_CASTS = frozenset(("int", "Number", "parseInt", "parseFloat", "toInt", "toNumber", "abs", "trunc"))
_COMPARES = frozenset(("<", "<=", ">", ">=", "in", "not-in"))


def chosen(node: Expression, function: Function, ctx: Context, depth: int) -> Node | None:
    """Where a caller chooses the number, when nothing between there and here bounds it."""
    if depth > 5:
        return None
    if isinstance(node, Call):
        if ctx.value(node).untrusted() is not None:
            return node
        known = ctx.meaning(node, "input")
        if known is not None:
            return node
        if node.method in _CASTS and node.arguments:
            return chosen(node.arguments[0].value, function, ctx, depth + 1)
        return None
    if isinstance(node, Operation) and node.operator in ("or", "??", "+", "and"):
        if node.operator == "+" and len(node.operands) > 1:
            return None
        found = (chosen(operand, function, ctx, depth + 1) for operand in node.operands)
        return next((one for one in found if one is not None), None)
    if isinstance(node, Choice):
        if _is_compared(node.test):
            return None
        return chosen(node.then, function, ctx, depth + 1) or chosen(
            node.other, function, ctx, depth + 1
        )
    if isinstance(node, Await):
        return None
    if isinstance(node, Name):
        return _variable(node, function, ctx, depth)
    if isinstance(node, Member | Index) and ctx.value(node).untrusted() is not None:
        return None if _is_tested(ctx.source(node), function, ctx) else node
    return None


def _variable(node: Name, function: Function, ctx: Context, depth: int) -> Node | None:
    if _is_tested(node.id, function, ctx):
        return None
    parameter = next((p for p in function.parameters if p.name == node.id), None)
    if parameter is not None:
        return parameter if _is_open(parameter, function, ctx) else None
    found: Node | None = None
    for below in ctx.below(function, Assign):
        if below.value is None or below.operator:
            continue
        for target in below.targets:
            if isinstance(target, Name) and target.id == node.id:
                source = chosen(below.value, function, ctx, depth + 1)
                if source is None and not isinstance(below.value, Constant):
                    return None  # something else is done with it: be silent
                found = source or found
            elif (
                isinstance(target, Collection)
                and node.id in _bound_names(target)
                and ctx.value(below.value).untrusted() is not None
            ):
                found = below
    return found


def _bound_names(pattern: Collection) -> set[str]:
    return {n.id for entry in pattern.entries for n in walk(entry.value) if isinstance(n, Name)}


def _is_open(parameter: Parameter, function: Function, ctx: Context) -> bool:
    """Whether a handler's parameter is a number from the query string without a maximum."""
    if not ctx.is_endpoint(function) or "int" not in (
        ctx.source(parameter.annotation) if parameter.annotation is not None else ""
    ):
        return False
    if "{" + parameter.name + "}" in route(function, ctx)[0] or parameter.name.endswith("id"):
        return False
    for part in (parameter.annotation, parameter.default):
        for node in walk(part) if part is not None else ():
            if isinstance(node, Call):
                if ctx.meaning(node, "input") is None or node.spreads:
                    return False
                if any(argument.name in ("le", "lt", "multiple_of") for argument in node.arguments):
                    return False
            elif isinstance(node, Name) and node.id in ("Literal", "conint"):
                return False
    return True


def _is_tested(word: str, function: Function, ctx: Context) -> bool:
    """Whether the function compares the value with something, as one does to bound it."""
    return any(
        node.operator in _COMPARES and any(word in ctx.source(part) for part in node.operands)
        for node in ctx.below(function, Operation)
    )


def _is_compared(test: Expression) -> bool:
    return any(
        isinstance(n, Operation) and n.operator in ("<", "<=", ">", ">=") for n in walk(test)
    )
