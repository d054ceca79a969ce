"""Statements: each changes the environment and tells whether its end is reached."""

from typing import TYPE_CHECKING

from backend_expert.facts.code import (
    Assertion,
    Branch,
    Call,
    Class,
    Function,
    Global,
    Import,
    Jump,
    Loop,
    Raise,
    Region,
    Return,
    Try,
)
from backend_expert.flow import assignment, constants, functions, guards, names
from backend_expert.flow.value import Env, Value, either

if TYPE_CHECKING:
    from backend_expert.flow.evaluate import Evaluator


def returned(e: "Evaluator", node: Return, env: Env) -> bool:
    if node.value is not None:
        value = e.value(node.value, env)
        function = e.function
        if function is not None:
            before = e.reading.returns.get(id(function))
            e.reading.returns[id(function)] = value if before is None else either(before, value)
    return False


def raised(e: "Evaluator", node: Raise, env: Env) -> bool:
    for part in (node.value, node.cause):
        if part is not None:
            e.value(part, env)
    return False


def jumped(e: "Evaluator", node: Jump, env: Env) -> bool:
    return node.kind == "pass"


def named(e: "Evaluator", node: Import | Global, env: Env) -> bool:
    if isinstance(node, Import):
        env[node.binds] = Value(e.catalogue.alias.get(node.dotted, node.dotted))
    return True


def called(e: "Evaluator", node: Call, env: Env) -> bool:
    """What is known after a call that is a statement; False when it never comes back."""
    site = e.reading.sites.get(id(node))
    if site is None:
        return True
    if any(meaning.has("raises") for meaning in site.meanings):
        return False
    env.update(guards.survived(e, node, env))
    return True


def asserted(e: "Evaluator", node: Assertion, env: Env) -> bool:
    e.value(node.test, env)
    if node.message is not None:
        e.value(node.message, env)
    env.update(guards.refined(e, node.test, env, True))
    return True


def branched(e: "Evaluator", node: Branch, env: Env) -> bool:
    known = constants.truth(e.value(node.test, env), node.test, e.values)
    then, other = dict(env), dict(env)
    then.update(guards.refined(e, node.test, env, True))
    other.update(guards.refined(e, node.test, env, False))
    then_ends = e.block(node.then, then) if known is not False else False
    other_ends = e.block(node.other, other) if known is not True else False
    if known is False and node.then:
        e.block(node.then, dict(then))  # its facts are still read, its effects are not
    if then_ends and other_ends:
        join(env, then, other)
    elif then_ends or other_ends:
        env.clear()
        env.update(then if then_ends else other)
    return then_ends or other_ends


def looped(e: "Evaluator", node: Loop, env: Env) -> bool:
    e.block(node.before, env)
    start = dict(env)
    for _ in range(2):
        turn = dict(env)
        if node.iterable is not None:
            value = e.value(node.iterable, turn)
            if node.target is not None:
                assignment.bind(e, node.target, names.element(e, value), turn, None)
        if node.test is not None:
            e.value(node.test, turn)
            turn.update(guards.refined(e, node.test, turn, True))
        e.block(node.body, turn)
        e.block(node.after, turn)
        join(env, start, turn)
        if env == start:
            break
        start = dict(env)
    e.block(node.other, env)
    return True


def tried(e: "Evaluator", node: Try, env: Env) -> bool:
    before = dict(env)
    ends = e.block(node.body, env)
    if ends:
        ends = e.block(node.other, env)
    caught: Env = {}
    join(caught, before, env)
    outs = [dict(env)] if ends else []
    for handler in node.handlers:
        inside = dict(caught)
        for type_ in handler.types:
            e.value(type_, inside)
        if handler.name:
            inside[handler.name] = Value("?" + handler.name)
        if e.block(handler.body, inside):
            outs.append(inside)
    env.clear()
    env.update(outs[0] if outs else caught)
    for out in outs[1:]:
        join(env, dict(env), out)
    final_ends = e.block(node.final, env)
    return bool(outs) and final_ends


def held(e: "Evaluator", node: Region, env: Env) -> bool:
    for held in node.held:
        value = e.value(held.value, env)
        name = e.catalogue.result(value.name + ".__enter__") if value.name else None
        inner = Value(name, value.origins) if name else value
        if held.target is not None:
            assignment.bind(e, held.target, inner, env, held.value)
    return e.block(node.body, env)


def function_statement(e: "Evaluator", node: Function, env: Env) -> bool:
    value = functions.function_value(e, node, env)
    if node.name and not (e.owner and e.depth == 0):
        env[node.name] = value
    return True


def class_statement(e: "Evaluator", node: Class, env: Env) -> bool:
    env[node.name] = functions.class_value(e, node, env)
    return True


def join(into: Env, one: Env, other: Env) -> None:
    """Makes `into` the environment after a branch: what is one or the other on each side."""
    joined: Env = {}
    for name, value in one.items():
        second = other.get(name)
        if second is None:
            if "." not in name and "[" not in name:
                joined[name] = value
        else:
            joined[name] = value if value is second else either(value, second)
    for name, value in other.items():
        if name not in one and "." not in name and "[" not in name:
            joined[name] = value
    into.clear()
    into.update(joined)
