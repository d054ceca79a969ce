"""Functions and classes: what their parameters are, and their bodies read in place."""

from typing import TYPE_CHECKING

from backend_expert.facts.code import Call, Class, Function, Parameter
from backend_expert.flow import assignment
from backend_expert.flow.types import annotated_type, is_harmless
from backend_expert.flow.value import INPUT, PARAMETER, Env, Origin, Value
from backend_expert.technologies.catalogue import root_of

if TYPE_CHECKING:
    from backend_expert.flow.evaluate import Evaluator

_ANSWERS = frozenset(
    ("get", "post", "put", "patch", "delete", "list", "retrieve", "create", "update", "destroy")
) | frozenset(("partial_update",))
_KEYS = frozenset(("self", "request", "pk", "id", "uuid", "slug", "args", "kwargs", "format"))
_DEEPEST = 60  # nested functions and blocks; code written by people stays far below


def function_value(e: "Evaluator", node: Function, env: Env) -> Value:
    for decorator in node.decorators:
        e.value(decorator, env)
    run(e, node, env, ())
    return Value(_function_name(e, node), node=node)


def _function_name(e: "Evaluator", node: Function) -> str:
    if e.owner and e.depth == 0:
        return f"@{e.owner}.{node.name}"
    return node.name if e.depth == 0 else ""


def run(
    e: "Evaluator", node: Function, env: Env, given: tuple[str, ...], first: Value | None = None
) -> None:
    """Runs a function's body.

    `given` are the types that its caller gives its parameters, `first` what a callback's first
    parameter carries.
    """
    if e.depth > _DEEPEST:
        return
    inner = dict(env)
    names = tuple(parameter.name for parameter in node.parameters)
    types = given or e.catalogue.parameters(names) or ()
    if not types and names:
        types = (e.catalogue.parameters((names[0], "*")) or ())[:1]
    from_outside = _is_endpoint(e, node)
    in_view = not from_outside and _is_in_view(e, node)
    for index, parameter in enumerate(node.parameters):
        if parameter.default is not None:
            e.value(parameter.default, env)
        if index == 0 and first is not None:
            value = first
        else:
            outside = from_outside or (in_view and not _is_key(parameter.name))
            value = _parameter(e, parameter, index, env, types, outside)
        if parameter.name:
            inner[parameter.name] = value
        if parameter.pattern is not None:
            assignment.bind(e, parameter.pattern, value, inner, None)
    outer, e.function = e.function, node
    e.depth += 1
    e.block(node.body, inner)
    e.depth -= 1
    e.function = outer


def _parameter(
    e: "Evaluator",
    node: Parameter,
    index: int,
    env: Env,
    types: tuple[str, ...],
    from_outside: bool,
) -> Value:
    name, annotation, default = node.name, node.annotation, node.default
    if name == "self" and index == 0 and e.owner:
        return Value("@" + e.owner)
    type_name = ""
    if annotation is not None:
        e.value(annotation, env)
        type_name = annotated_type(annotation, e.values)
        if "." in type_name and root_of(type_name) not in e.catalogue.roots:
            type_name = ""  # a class of another file: the parameter's own name says more
    is_given = not type_name and index < len(types) and bool(types[index])
    if is_given:
        type_name = types[index]
    for decorator in node.decorators:
        e.value(decorator, env)
        site = e.reading.sites.get(id(decorator))
        given = e.catalogue.result(site.name) if site is not None else None
        type_name = type_name or given or ""
    origins: tuple[Origin, ...] = ()
    if not is_harmless(type_name):
        origins = (Origin(PARAMETER, name, node.span, index=index),)
        injected = isinstance(default, Call) and default.method in ("Depends", "Security")
        is_framework = "." in type_name and root_of(type_name) in e.catalogue.roots
        if from_outside and not injected and not is_framework and not is_given:
            origins += (Origin(INPUT, f"parameter `{name}`", node.span),)
    entry = e.catalogue.value(type_name) if type_name else None
    if entry is not None and entry.role == "input":
        origins = (Origin(INPUT, entry.label or name, node.span),)
    return Value(type_name or "?" + name, origins)


def _is_endpoint(e: "Evaluator", node: Function) -> bool:
    for decorator in node.decorators:
        for site in (e.reading.sites.get(id(decorator)),):
            if site and any(m.role == "endpoint" for m in site.meanings):
                return True
    return False


def _is_in_view(e: "Evaluator", node: Function) -> bool:
    """Whether it is the method of a class-based view that answers an HTTP method."""
    if not e.owner or e.depth or node.name not in _ANSWERS:
        return False
    for base in e.around.bases(e.owner):
        entry = e.catalogue.value(base) if base else None
        if entry is not None and entry.role == "endpoint":
            return True
    return False


def _is_key(name: str) -> bool:
    """Whether a part of a path is a key by its name: most routes let only numbers in there."""
    return name in _KEYS or name.endswith(("_id", "_pk", "_uuid", "_slug"))


def class_value(e: "Evaluator", node: Class, env: Env) -> Value:
    for decorator in node.decorators:
        e.value(decorator, env)
    for base in node.bases:
        e.value(base.value, env)
    inner = dict(env)
    outer, e.owner = e.owner, node.name
    e.block(node.body, inner)
    e.owner = outer
    return Value("@" + node.name, node=node)


def callback(
    e: "Evaluator", node: Function, env: Env, gives: tuple[str, ...], callee: Value
) -> None:
    first = Value("", callee.origins) if callee.origins and not gives else None
    run(e, node, env, gives, first)
