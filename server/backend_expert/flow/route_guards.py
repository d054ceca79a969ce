"""What stands between a caller and a handler, by name."""

from collections.abc import Iterable, Iterator

from backend_expert.facts.code import (
    Call,
    Collection,
    Expression,
    Function,
    Index,
    Name,
    Node,
    Text,
)
from backend_expert.flow.paths import path_of
from backend_expert.flow.reading import Reading
from backend_expert.text.pattern import pattern

# Aliases of injected callers, by their names: `user: CurrentUser`.
_CALLER = pattern(r"^(?:Current|Auth(?:enticated|orized)?|Require[sd]?|LoggedIn|Active)[A-Z]\w*$")
_NO_GUARDS = frozenset(("middleware", "cors", "error-handler", "router", "endpoint", "mount"))


def handler_guards(
    reading: Reading, call: Call, handler: Node | None, between: Iterable[Expression]
) -> tuple[str, ...]:
    """The guards of one endpoint: decorators and injected callers, or middleware before it."""
    found: list[str] = []
    if isinstance(handler, Function) and any(call is d for d in handler.decorators):
        found += (word(reading, d) for d in handler.decorators if not _registers(reading, d))
        for parameter in handler.parameters:
            found += _injected(reading, parameter.default)
            found += _annotated(reading, parameter.annotation)
    else:
        for value in between:
            found += words(reading, value)
    found += declared(reading, call)
    return tuple(known for known in dict.fromkeys(found) if known)


def declared(reading: Reading, call: Call) -> Iterator[str]:
    """`dependencies=[Depends(x)]` of a router, a mount or an endpoint."""
    given = call.argument(None, "dependencies")
    if given is None:
        return
    literal = given if isinstance(given, Collection) else reading.value(given).node
    for entry in literal.entries if isinstance(literal, Collection) else ():
        yield from _injected(reading, entry.value)


def words(reading: Reading, value: Expression) -> Iterator[str]:
    """The names in an argument that may be a list of guards: `[auth, limit]`."""
    if isinstance(value, Collection):
        for entry in value.entries:
            yield from words(reading, entry.value)
        return
    site = reading.sites.get(id(value))
    if site is None or not any(m.role in _NO_GUARDS for m in site.meanings):
        yield word(reading, value)


def word(reading: Reading, node: Expression) -> str:
    """What one would call a guard: the callee's name, or what a framework's wrapper is given."""
    if isinstance(node, Call):
        site = reading.sites.get(id(node))
        meaning = next((m for m in site.meanings if m.role == "guard"), None) if site else None
        if meaning is not None and meaning.subject is not None and node.arguments:
            inner = node.arguments[0].value
            if not isinstance(inner, Text):
                return word(reading, inner) or path_of(node.callee)
        return word(reading, node.callee)
    return path_of(node)


def _registers(reading: Reading, decorator: Expression) -> bool:
    site = reading.sites.get(id(decorator))
    return site is not None and any(m.role == "endpoint" for m in site.meanings)


def _injected(reading: Reading, node: Expression | None) -> Iterator[str]:
    if isinstance(node, Call) and node.arguments and node.method in ("Depends", "Security"):
        yield word(reading, node.arguments[0].value)


def _annotated(reading: Reading, node: Expression | None) -> Iterator[str]:
    if isinstance(node, Index):
        for entry in getattr(node.key, "entries", ()):
            yield from _injected(reading, entry.value)
    elif isinstance(node, Name) and _CALLER.match(node.id):
        yield node.id
