"""Assignment: what a target is known to be afterwards, destructuring included."""

from typing import TYPE_CHECKING

from backend_expert.facts.code import (
    Assign,
    Collection,
    Expression,
    Index,
    Member,
    Name,
    Text,
)
from backend_expert.flow import names, texts
from backend_expert.flow.paths import path_of
from backend_expert.flow.types import annotated_type
from backend_expert.flow.value import UNKNOWN, Env, Value, either, merge

if TYPE_CHECKING:
    from backend_expert.flow.evaluate import Evaluator


def assign(e: "Evaluator", node: Assign, env: Env) -> Value:
    value = e.value(node.value, env) if node.value is not None else UNKNOWN
    if node.annotation is not None:
        e.value(node.annotation, env)
        type_name = annotated_type(node.annotation, e.values)
        if type_name and not value.name.strip("?"):
            value = Value(type_name, value.origins, value.parts, value.home, node=value.node)
    for target in node.targets:
        if node.operator:
            value = _augmented(e, target, node, value, env)
        bind(e, target, value, env, node.value)
    return value


def _augmented(e: "Evaluator", target: Expression, node: Assign, value: Value, env: Env) -> Value:
    before = e.value(target, env)
    parts = None
    if node.operator == "+" and node.value is not None:
        parts = texts.concatenated((target, node.value), (before, value))
    return Value(before.name, merge(before.origins, value.origins), parts, grows=parts is not None)


def bind(
    e: "Evaluator", target: Expression, value: Value, env: Env, source: Expression | None
) -> None:
    e.values[id(target)] = value
    if isinstance(target, Name):
        env[target.id] = value if value is not UNKNOWN else Value("?" + target.id)
        if e.has_paths:
            for path in [
                path for path in env if path.startswith((target.id + ".", target.id + "["))
            ]:
                del env[path]
    elif isinstance(target, Collection):
        _destructure(e, target, value, env)
    elif isinstance(target, Member | Index):
        _store(e, target, value, env)
    elif isinstance(target, Assign) and target.targets:
        inner = e.value(target.value, env) if target.value is not None else UNKNOWN
        bind(e, target.targets[0], either(value, inner), env, None)


def _store(e: "Evaluator", target: Member | Index, value: Value, env: Env) -> None:
    base = e.value(target.object, env)
    if isinstance(target, Index):
        e.value(target.key, env)
    path = path_of(target)
    if path:
        env[path] = value
        e.has_paths = True
    if isinstance(target, Index) and isinstance(target.object, Name) and value.origins:
        env[target.object.id] = Value(base.name, merge(base.origins, value.origins))


def _destructure(e: "Evaluator", pattern: Collection, value: Value, env: Env) -> None:
    items = value.node.entries if isinstance(value.node, Collection) else ()
    for index, entry in enumerate(pattern.entries):
        if entry.spread:
            inner = Value(value.name, value.origins)
        elif entry.key is not None:
            key = entry.key.value if isinstance(entry.key, Text) else None
            inner = names.member_of(e, value, key, entry) if key else Value("", value.origins)
        elif index < len(items) and not any(i.spread for i in items[: index + 1]):
            inner = e.values.get(id(items[index].value), UNKNOWN)
        else:
            inner = names.element(e, value)
        bind(e, entry.value, inner, env, None)
