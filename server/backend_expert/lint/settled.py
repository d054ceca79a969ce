"""What a helper makes of a text that it is given: only the end of an address, one name of many."""

import re
from collections.abc import Callable

from backend_expert.facts.code import (
    Argument,
    Call,
    Fragment,
    Function,
    Name,
    Node,
    Text,
    walk,
)
from backend_expert.lint.context import Context, Hit
from backend_expert.text.pattern import pattern

_HOST = pattern(r"://[^/]*[^/.][^/]*/")
_LOOKS = pattern(
    r"valid|safe|allow|(?<!re)check|guard|ssrf|private|public|sanit|secure|block(ed|list)|deny",
    re.IGNORECASE,
)


def is_settled(hit: Hit, ctx: Context, settles: Callable[[str], bool]) -> bool:
    """Whether the helper that a call goes to puts the text behind a beginning that `settles`.

    `settles` is asked with all that stands before it; a hole there is shown as `x`.
    """
    function, name = _parameter(hit, ctx)
    if function is None:
        return False
    texts = [node for node in walk(function) if isinstance(node, Text)]
    befores = [before for text in texts for before in _before(text, name)]
    return bool(befores) and all(map(settles, befores)) and not _goes_on(function, name)


def has_fixed_host(before: str) -> bool:
    """Whether what stands before a part of a URL already names the host."""
    return _HOST.search(before) is not None


def is_looked_at(hit: Hit, ctx: Context) -> bool:
    """Whether the value's name says that it was checked, or the helper calls what checks it."""
    if _LOOKS.search(ctx.source(hit.argument)):
        return True
    site = ctx.site(hit.call)
    called = site.callee.node if site is not None and hit.meaning is None else None
    return isinstance(called, Function) and any(
        isinstance(node, Call) and _LOOKS.search(node.method) for node in walk(called)
    )


def _parameter(hit: Hit, ctx: Context) -> tuple[Function | None, str]:
    site = ctx.site(hit.call)
    function = site.callee.node if site is not None else None
    if hit.meaning is not None or not isinstance(function, Function):
        return None, ""
    own = [p for p in function.parameters if p.name not in ("self", "cls", "this")]
    for at, argument in enumerate(hit.call.arguments):
        if argument.value is hit.argument:
            if argument.name is not None:
                return function, argument.name
            return (function, own[at].name) if at < len(own) else (None, "")
    return None, ""


def _before(text: Text, name: str) -> list[str]:
    found: list[str] = []
    before = ""
    for part in text.parts:
        if isinstance(part, Fragment):
            before += part.value
        else:
            if isinstance(part.value, Name) and part.value.id == name:
                found.append(before)
            before += "x"
    return found


def _goes_on(function: Function, name: str) -> bool:
    """Whether the bare text is handed on as well."""
    return any(
        isinstance(node, Argument) and isinstance(node.value, Name) and node.value.id == name
        for top in function.body
        for node in _arguments(top)
    )


def _arguments(top: Node) -> list[Node]:
    return [a for node in walk(top) if isinstance(node, Call) for a in node.arguments]
