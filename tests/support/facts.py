"""Facts as short text without spans, so that tests of all languages can be read and compared."""

import json
from collections.abc import Iterable

from backend_expert.facts import code
from backend_expert.facts.code import Node


def render(node: Node | Iterable[Node] | None) -> str:
    """`(call f x timeout=5)` for a call, and so on; statements stand one to a line."""
    if node is None:
        return "-"
    if not isinstance(node, Node):
        return "\n".join(render(each) for each in node)
    return _RENDER[type(node)](node)


def _group(*words: str) -> str:
    return f"({' '.join(word for word in words if word)})"


def _all(nodes: Iterable[Node]) -> str:
    return " ".join(render(node) for node in nodes)


def _block(head: str, nodes: Iterable[Node]) -> str:
    """`{head a b}`, or nothing when there is nothing in it."""
    inside = _all(nodes)
    return f"{{{head} {inside}}}" if inside else ""


def _option(head: str, node: Node | None) -> str:
    return "" if node is None else f"{head}{render(node)}"


def _member(node: code.Member) -> str:
    return f"{render(node.object)}.{node.name}"


def _constant(node: code.Constant) -> str:
    return json.dumps(node.value)


def _fragment(node: code.Fragment) -> str:
    value = json.dumps(node.value, ensure_ascii=False)[1:-1]
    return value.replace("{", "{{").replace("}", "}}")


def _hole(node: code.Hole) -> str:
    return f"{{{render(node.value)}{' ' + node.form if node.form else ''}}}"


def _text(node: code.Text) -> str:
    inside = "".join(render(part) for part in node.parts)
    quoted = f'{"b" if node.is_bytes else ""}"{inside}"'
    return quoted if node.tag is None else _group("tagged", render(node.tag), quoted)


def _argument(node: code.Argument) -> str:
    start = "..." if node.spread else ""
    return f"{start}{node.name + '=' if node.name else ''}{render(node.value)}"


def _call(node: code.Call) -> str:
    verb = "new" if node.is_new else "call"
    if node.awaited:
        verb += "-awaited"
    return _group(verb, render(node.callee), _all(node.arguments))


def _operation(node: code.Operation) -> str:
    return _group(node.operator, _all(node.operands))


def _choice(node: code.Choice) -> str:
    return _group("choice", render(node.test), render(node.then), render(node.other))


def _entry(node: code.Entry) -> str:
    return f"{'...' if node.spread else ''}{_option('', node.key)}{':' if node.key else ''}{render(node.value)}"


def _collection(node: code.Collection) -> str:
    return _group(node.kind, _all(node.entries))


def _generator(node: code.Generator) -> str:
    word = "async-for" if node.is_async else "for"
    conditions = "".join(f" if {render(each)}" for each in node.conditions)
    return f"({word} {render(node.target)} {render(node.iterable)}{conditions})"


def _comprehension(node: code.Comprehension) -> str:
    element = f"{_option('', node.key)}{':' if node.key else ''}{render(node.element)}"
    return _group(f"{node.kind}-of", element, _all(node.generators))


def _yield(node: code.Yield) -> str:
    return _group("yield-from" if node.delegated else "yield", _option("", node.value))


def _parameter(node: code.Parameter) -> str:
    start = {"positional": "", "keyword": "key:", "rest": "*", "keyword-rest": "**"}[node.kind]
    name = node.name if node.pattern is None else render(node.pattern)
    return f"{start}{name}{_option(':', node.annotation)}{_option('=', node.default)}"


def _function(node: code.Function) -> str:
    flags = (
        ("async", node.is_async),
        ("generator", node.is_generator),
        ("static", node.is_static),
        ("lambda", node.is_lambda),
    )
    head = [word for word, holds in flags if holds] + ["function"]
    return _group(
        *(f"@{render(each)}" for each in node.decorators),
        *head,
        node.name or "-",
        f"[{_all(node.parameters)}]",
        _option("->", node.returns),
        _all(node.body),
    )


def _class(node: code.Class) -> str:
    marks = (f"@{render(each)}" for each in node.decorators)
    return _group(*marks, "class", node.name or "-", f"[{_all(node.bases)}]", _all(node.body))


def _assign(node: code.Assign) -> str:
    targets = _all(node.targets) + _option(":", node.annotation)
    return _group(f"{node.operator}=", "let" if node.declares else "", targets, render(node.value))


def _raise(node: code.Raise) -> str:
    return _group("raise", _option("", node.value), _option("from ", node.cause))


def _branch(node: code.Branch) -> str:
    return _group("if", render(node.test), _block("then", node.then), _block("else", node.other))


def _loop(node: code.Loop) -> str:
    return _group(
        "async" if node.is_async else "",
        node.kind,
        _option("", node.target),
        _option("in ", node.iterable),
        _option("", node.test),
        _block("before", node.before),
        _block("after", node.after),
        _block("do", node.body),
        _block("else", node.other),
    )


def _handler(node: code.Handler) -> str:
    return _group("catch", f"[{_all(node.types)}]", node.name, _all(node.body))


def _try(node: code.Try) -> str:
    return _group(
        "try",
        _block("do", node.body),
        _all(node.handlers),
        _block("else", node.other),
        _block("finally", node.final),
    )


def _held(node: code.Held) -> str:
    return render(node.value) + _option(" as ", node.target)


def _region(node: code.Region) -> str:
    held = ", ".join(render(each) for each in node.held)
    return _group("async" if node.is_async else "", "with", f"[{held}]", _block("do", node.body))


def _import(node: code.Import) -> str:
    return _group(
        "import-type" if node.is_type else "import",
        node.module,
        node.name or "-",
        f"as {node.alias}" if node.alias else "",
    )


def _opaque(node: code.Opaque) -> str:
    return _group("opaque", node.kind, _all(node.parts))


_RENDER = {
    code.Name: lambda node: node.id,
    code.Member: _member,
    code.Index: lambda node: _group("index", render(node.object), render(node.key)),
    code.Constant: _constant,
    code.Fragment: _fragment,
    code.Hole: _hole,
    code.Text: _text,
    code.Argument: _argument,
    code.Call: _call,
    code.Operation: _operation,
    code.Choice: _choice,
    code.Entry: _entry,
    code.Collection: _collection,
    code.Generator: _generator,
    code.Comprehension: _comprehension,
    code.Await: lambda node: _group("await", render(node.value)),
    code.Yield: _yield,
    code.Opaque: _opaque,
    code.Parameter: _parameter,
    code.Function: _function,
    code.Class: _class,
    code.Assign: _assign,
    code.Return: lambda node: _group("return", _option("", node.value)),
    code.Raise: _raise,
    code.Branch: _branch,
    code.Loop: _loop,
    code.Handler: _handler,
    code.Try: _try,
    code.Held: _held,
    code.Region: _region,
    code.Import: _import,
    code.Assertion: lambda node: _group("assert", render(node.test), _option("", node.message)),
    code.Jump: lambda node: _group(node.kind),
    code.Global: lambda node: _group("global", *node.names),
}
