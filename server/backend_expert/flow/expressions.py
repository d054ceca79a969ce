"""Expressions: texts, operators, choices, collections."""

from typing import TYPE_CHECKING

from backend_expert.facts.code import (
    Await,
    Choice,
    Collection,
    Comprehension,
    Constant,
    Expression,
    Function,
    Generator,
    Hole,
    Opaque,
    Operation,
    Text,
    Yield,
)
from backend_expert.flow import assignment, constants, functions, guards, names, texts
from backend_expert.flow.value import UNKNOWN, Env, Origin, Value, clean, either, merge

if TYPE_CHECKING:
    from backend_expert.flow.evaluate import Evaluator


def text(e: "Evaluator", node: Text, env: Env) -> Value:
    binds = False
    if node.tag is not None:
        tag = e.value(node.tag, env).name
        e.reading.tagged.append(node)
        binds = any(m.role in ("sql.text", "sql.execute") for m in e.catalogue.calls(tag))
    if len(node.parts) == 1 and not isinstance(node.parts[0], Hole):
        return Value(parts=node.parts)
    origins: tuple[Origin, ...] = ()

    def fill(expression: Expression) -> Value:
        nonlocal origins
        value = e.value(expression, env)
        origins = merge(origins, value.origins)
        return value

    parts = texts.template(node, fill)
    if binds:  # its holes are parameters
        origins = clean(origins, "sql")
    return Value(origins=origins, parts=parts)


def constant(e: "Evaluator", node: Constant, env: Env) -> Value:
    return Value(node=node)


def collection(e: "Evaluator", node: Collection, env: Env) -> Value:
    origins: tuple[Origin, ...] = ()
    for entry in node.entries:
        if entry.key is not None:
            e.value(entry.key, env)
        if e.gives and isinstance(entry.value, Function):
            gives, e.gives = e.gives, ()
            functions.callback(e, entry.value, env, gives, UNKNOWN)
            e.gives = gives
        else:
            origins = merge(origins, e.value(entry.value, env).origins)
    return Value(origins=origins, node=node)


def operation(e: "Evaluator", node: Operation, env: Env) -> Value:
    if node.operator in ("and", "or"):
        return _logic(e, node, env)
    values = [e.value(operand, env) for operand in node.operands]
    if node.operator == "??":
        answer = values[0]
        for value in values[1:]:
            answer = either(answer, value)
        return answer
    if node.operator not in ("+", "%", "*", "|", "/"):
        return constants.computed(node, values)
    origins: tuple[Origin, ...] = ()
    for value in values:
        origins = merge(origins, value.origins)
    parts = None
    if node.operator == "+":
        parts = texts.concatenated(node.operands, values)
    elif node.operator == "%" and values[0].parts is not None and not values[0].home:
        parts = texts.percent(values[0].parts, node.operands[1], lambda x: known(e, x, env))
    elif node.operator == "%" and values[0].parts is not None:
        shown = texts.as_parts(node.operands[0], values[0], node.operands[0].span)
        parts = texts.percent(shown, node.operands[1], lambda x: known(e, x, env))
    if parts is None and values[0].parts is None:
        folded = constants.computed(node, values)
        if folded is not UNKNOWN:
            return folded
    # What an operator gives is known where a file says what its method gives (`folder / name`).
    method = f"{values[0].name}.__truediv__" if node.operator == "/" and values[0].name else ""
    result = e.catalogue.result(method) if method else None
    return Value(result or "", origins, parts, grows=any(v.grows for v in values))


def known(e: "Evaluator", node: Expression, env: Env) -> Value:
    found = e.values.get(id(node))
    return found if found is not None else e.value(node, env)


def _logic(e: "Evaluator", node: Operation, env: Env) -> Value:
    """`a and b`, `a or b`: each operand is read knowing what the ones before it told."""
    inner = dict(env)
    answer: Value | None = None
    for operand in node.operands:
        value = e.value(operand, inner)
        answer = value if answer is None else either(answer, value)
        inner.update(guards.refined(e, operand, inner, node.operator == "and"))
    return answer if answer is not None else UNKNOWN


def choice(e: "Evaluator", node: Choice, env: Env) -> Value:
    test = e.value(node.test, env)
    then, other = dict(env), dict(env)
    then.update(guards.refined(e, node.test, env, True))
    other.update(guards.refined(e, node.test, env, False))
    yes, no = e.value(node.then, then), e.value(node.other, other)
    known = constants.truth(test, node.test, e.values)
    return either(yes, no) if known is None else yes if known else no


def comprehension(e: "Evaluator", node: Comprehension, env: Env) -> Value:
    inner = dict(env)
    for generator in node.generators:
        _generator(e, generator, inner)
    if node.key is not None:
        e.value(node.key, inner)
    element = e.value(node.element, inner)
    return Value(origins=element.origins, node=node)


def _generator(e: "Evaluator", node: Generator, env: Env) -> None:
    value = e.value(node.iterable, env)
    assignment.bind(e, node.target, names.element(e, value), env, None)
    for condition in node.conditions:
        e.value(condition, env)
        env.update(guards.refined(e, condition, env, True))


def awaited(e: "Evaluator", node: Await, env: Env) -> Value:
    return e.value(node.value, env)


def yielded(e: "Evaluator", node: Yield, env: Env) -> Value:
    if node.value is not None:
        value = e.value(node.value, env)
        if e.function is not None:
            e.reading.returns.setdefault(id(e.function), value)
    return UNKNOWN


def opaque(e: "Evaluator", node: Opaque, env: Env) -> Value:
    origins: tuple[Origin, ...] = ()
    for part in node.parts:
        e.statement(part, env)
        found = e.values.get(id(part))
        if found is not None:
            origins = merge(origins, found.origins)
    return Value(origins=origins)
