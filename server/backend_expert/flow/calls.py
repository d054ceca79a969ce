"""Calls: what is called, what that means, and what comes back."""

from typing import TYPE_CHECKING

from backend_expert.facts.code import (
    Argument,
    Call,
    Class,
    Collection,
    Function,
    Hole,
    Member,
    Name,
)
from backend_expert.flow import expressions, functions, texts
from backend_expert.flow.allowed import REPLACES, harmless_after
from backend_expert.flow.reading import COROUTINE, NO_ROLES, Site
from backend_expert.flow.summary import Summary
from backend_expert.flow.value import INPUT, UNKNOWN, Env, Origin, Value, clean, merge
from backend_expert.technologies.catalogue import Meaning

if TYPE_CHECKING:
    from backend_expert.flow.evaluate import Evaluator

# Methods that put their argument into the receiver.
_FILLS = frozenset(
    ("append", "appendleft", "extend", "add", "update", "push", "unshift", "insert", "setdefault",
     "put", "set", "write", "concat")
)  # fmt: skip
# Methods after which a text is, to our purpose, the same text.
_TRIMS = frozenset(
    ("strip", "trim", "lower", "upper", "toLowerCase", "toUpperCase", "lstrip", "rstrip",
     "trimStart", "trimEnd", "toString")
)  # fmt: skip
# Methods whose result holds their arguments.
_JOINS = frozenset(("join", "format", "replace", "concat"))
# Roles whose calls give something that no longer is what went in.
_DEAD_ENDS = frozenset(
    ("sql.execute", "orm.read", "orm.write", "crypto.hash", "crypto.password-hash",
     "crypto.compare", "jwt.verify", "validate", "http.request", "cache.read", "document.read")
)  # fmt: skip
# Methods that only tell something about their receiver.
_TELLS = frozenset(
    ("startswith", "endswith", "startsWith", "endsWith", "isdigit", "isalnum", "isalpha",
     "isnumeric", "isdecimal", "isidentifier", "count", "index", "indexOf", "find", "includes",
     "has", "hasOwnProperty", "exists", "test", "match_count", "size", "__len__")
)  # fmt: skip


def call(e: "Evaluator", node: Call, env: Env) -> Value:
    callee = e.value(node.callee, env)
    name = callee.name
    # A function of the project's own is not the library's that has the same name.
    is_own = isinstance(callee.node, Function)
    meanings = e.catalogue.calls(name) if name and not is_own else ()
    values = _arguments(e, node, meanings, callee, env)
    if values and values[0].name and any(meaning.has("registers") for meaning in meanings):
        # `app.register(plugin, options)`: what the plugin is given says what it does.
        plugin = e.catalogue.calls(values[0].name)
        meanings += tuple(meaning for meaning in plugin if meaning.has("plugin"))
    summary = None
    if isinstance(callee.node, Function) and name:
        summary = e.around.summary(name)
    own = frozenset([meaning.role for meaning in meanings]) if meanings else NO_ROLES
    roles = own if summary is None and callee.node is None else _roles(own, callee, summary)
    e.reading.sites[id(node)] = Site(node, name, meanings, callee, summary, roles)
    origins = _result_origins(e, node, callee, meanings, own, values, summary)
    for meaning in meanings:
        if meaning.role == "import":
            module = (values[0].text or "") if values else ""
            return Value(e.catalogue.alias.get(module, module.removeprefix("node:")))
        if meaning.role == "input":
            label = meaning.entry.label or "request data"
            return Value(_result_name(e, name), (Origin(INPUT, label, node.span),))
        if meaning.has("callable") and values:
            return values[0]  # `promisify(exec)` is called as `exec` is
    parts, home, grows = _result_text(e, node, callee, meanings, values, env)
    _fill(e, node, values, env)
    result = _result_name(e, name)
    if summary is not None and summary.returns.name and result.endswith("()"):
        result = summary.returns.name
    inner = summary.returns.node if summary is not None else None
    return Value(result, origins, parts, home, grows, inner)


def _roles(own: frozenset[str], callee: Value, summary: Summary | None) -> frozenset[str]:
    """The roles of a call with those of the function that it calls."""
    found = set(own)
    if summary is not None:
        found.update(effect.role for effect in summary.effects)
        found.update(reach.role for reach in summary.reaches)
    is_async = isinstance(callee.node, Function) and callee.node.is_async
    if is_async or (summary is not None and summary.is_async):
        found.add(COROUTINE)
    return frozenset(found)


def _arguments(
    e: "Evaluator", node: Call, meanings: tuple[Meaning, ...], callee: Value, env: Env
) -> list[Value]:
    gives = next((m.entry.gives for m in meanings if m.entry.gives), ()) if meanings else ()
    values: list[Value] = []
    for argument in node.arguments:
        inner = argument.value
        if isinstance(inner, Function):
            # The callback runs with what the callee gives it, or with elements of the receiver.
            for decorator in inner.decorators:
                e.value(decorator, env)
            functions.callback(e, inner, env, gives, callee)
            value = Value(inner.name, node=inner)
            e.values[id(inner)] = value
        elif gives and isinstance(inner, Collection):
            outer, e.gives = e.gives, gives
            value = e.value(inner, env)
            e.gives = outer
        else:
            value = e.value(inner, env)
        values.append(value)
    return values


def _result_name(e: "Evaluator", name: str) -> str:
    if not name:
        return ""
    found = e.catalogue.result(name)
    if found is not None:
        return found
    last = name.rpartition(".")[2].lstrip("@?")
    if last[:1].isupper() and not last.isupper():
        return name  # a construction: the instance goes by its class's name
    return name + "()"


def _result_origins(
    e: "Evaluator",
    node: Call,
    callee: Value,
    meanings: tuple[Meaning, ...],
    roles: frozenset[str],
    values: list[Value],
    summary: Summary | None,
) -> tuple[Origin, ...]:
    if meanings:
        sanitized = sorted([role for role in roles if role.startswith("sanitizer.")])
        if sanitized:
            given = _all(callee, values)
            for role in sanitized:
                given = clean(given, role.partition(".")[2])
            return given
    if summary is not None:
        return summary.flowed(values)
    if isinstance(node.callee, Member) and node.callee.name in REPLACES:
        given = _all(callee, values)
        for sink in harmless_after(node, meanings, values, e.item.text) if given else ():
            given = clean(given, sink)
        return given
    is_text = any(m.role == "sql.text" and not m.has("fragment") for m in meanings)
    if is_text or "passes" in roles or _constructs(e, callee):
        return _all(callee, values)
    if not roles.isdisjoint(_DEAD_ENDS):
        return ()
    given = callee.origins
    if isinstance(node.callee, Member):
        # A method of an untrusted value gives an untrusted value, unless it only tells of it.
        if node.callee.name in _TELLS:
            return ()
        takes = bool(given) and node.callee.name in ("get", "pop")
        if takes or node.callee.name in _JOINS:
            return _all(callee, values)
    return given


def _all(callee: Value, values: list[Value]) -> tuple[Origin, ...]:
    """The origins of the receiver and of all arguments."""
    given = callee.origins
    for value in values:
        given = merge(given, value.origins)
    return given


def _constructs(e: "Evaluator", callee: Value) -> bool:
    return callee.name.startswith("@") and isinstance(callee.node, Class)


def _result_text(
    e: "Evaluator",
    node: Call,
    callee: Value,
    meanings: tuple[Meaning, ...],
    values: list[Value],
    env: Env,
) -> tuple[texts.Parts | None, str, bool]:
    roles = {meaning.role for meaning in meanings} if meanings and values else ()
    if roles and ("sql.text" in roles or ("passes" in roles and len(values) == 1)):
        return values[0].parts, values[0].home, values[0].grows
    if isinstance(node.callee, Member):
        base = e.values.get(id(node.callee.object), UNKNOWN)
        if base.parts is not None:
            method = node.callee.name
            shown = texts.as_parts(node.callee.object, base, node.callee.object.span)
            if method == "format":
                filled = texts.formatted(
                    shown, node.arguments, lambda x: expressions.known(e, x, env)
                )
                return filled, "", base.grows
            if method in _TRIMS:
                return base.parts, base.home, base.grows
            if method == "concat":
                operands = (node.callee.object, *(a.value for a in node.arguments))
                return texts.concatenated(operands, (base, *values)), "", base.grows
            if method == "join" and len(values) == 1:
                return _joined(e, shown, node.arguments[0], values[0]), "", True
        elif node.callee.name == "join" and isinstance(base.node, Collection):
            between = values[0].parts if values else None
            return (
                _joined(e, between or (), Argument(node.span, node.callee.object), base),
                "",
                True,
            )
    return None, "", False


def _joined(
    e: "Evaluator", between: texts.Parts, argument: Argument, value: Value
) -> texts.Parts | None:
    """`between.join(items)` of a literal list."""
    if not isinstance(value.node, Collection) or value.node.spreads:
        return (Hole(argument.value.span, argument.value),)
    done: list[object] = []
    for index, entry in enumerate(value.node.entries):
        if index:
            done += between
        inner = e.values.get(id(entry.value), UNKNOWN)
        done += texts.as_parts(entry.value, inner, entry.value.span)
    return tuple(done)  # type: ignore[arg-type]


def _fill(e: "Evaluator", node: Call, values: list[Value], env: Env) -> None:
    """`items.append(x)`: what goes in makes the receiver carry it too."""
    if not (isinstance(node.callee, Member) and node.callee.name in _FILLS):
        return
    given: tuple[Origin, ...] = ()
    for value in values:
        given = merge(given, value.origins)
    target = node.callee.object
    if isinstance(target, Name) and target.id in env:
        base = env[target.id]
        if given or isinstance(base.node, Collection):
            env[target.id] = Value(base.name, merge(base.origins, given), None, grows=True)
