"""What one item registers: endpoints, routers, what is mounted where."""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Call,
    Class,
    Collection,
    Expression,
    Function,
    Index,
    Member,
    Name,
    Node,
)
from backend_expert.facts.endpoint import Endpoint
from backend_expert.flow import mountings
from backend_expert.flow.paths import path_of
from backend_expert.flow.reading import Reading, Site
from backend_expert.flow.route_guards import handler_guards
from backend_expert.flow.route_part import Part
from backend_expert.flow.route_paths import neutral, parameters_of
from backend_expert.flow.routes import Routes, join_paths
from backend_expert.technologies.catalogue import Catalogue, Meaning
from backend_expert.text.span import Span

METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "ANY"))


def registered(reading: Reading, catalogue: Catalogue) -> Routes:
    """What an item says of routing, prefixes not yet joined."""
    part = Part(reading, catalogue)
    for site in reading.sites.values():
        for meaning in site.meanings:
            act = _ACTS.get(meaning.role)
            if act is not None:
                act(part, site, meaning)
    for statement in reading.item.body:
        if isinstance(statement, Function) and statement.decorators:
            mountings.decorated(part, statement)
    return part.routes()


def endpoint(part: Part, site: Site, meaning: Meaning) -> None:
    call = site.call
    receiver: Expression | None = call.callee.object if isinstance(call.callee, Member) else None
    if meaning.has("path-in-receiver"):
        route = _route(receiver)
        if route is None or not isinstance(route.callee, Member):
            return
        place = route.arguments[0].value if route.arguments else None
        receiver = route.callee.object
        handlers = [argument.value for argument in call.arguments]
    else:
        place = part.argument(call, meaning.subject)
        handlers = [a.value for a in call.arguments if a.value is not place and not a.name]
    handlers = list(_flat(handlers))
    handler = _handler(part, call, meaning, handlers)
    if handler is None or _is_mount(part, handler):
        return  # `app.get("setting")`, `path("api/", include(…))`
    decorated = isinstance(handler, Function) and any(call is d for d in handler.decorators)
    between = [value for value in handlers if value is not handler]
    guards = handler_guards(part.reading, call, handler, between)
    router = path_of(receiver) if receiver is not None else part.holder(call)
    owner = part.reading.item.place.owner or _class_of(part, handler)
    if decorated and receiver is None and owner:
        router = "@" + owner
    name, span = _named(part, handler, owner)
    around = part.around(call) if receiver is None and not decorated else ""
    for path in _paths(part, place, meaning):
        full = join_paths(around, neutral(path))
        for method in _methods(part, call, meaning):
            part.endpoints.append(
                Endpoint(
                    method=method,
                    path=full,
                    span=place.span if place is not None else call.span,
                    handler=name,
                    handler_span=span,
                    parameters=(*_named_in(around), *parameters_of(path)),
                    guards=guards,
                    router=router,
                    technology=meaning.technology,
                    home=_home(part.reading),
                )
            )


def _paths(part: Part, place: Expression | None, meaning: Meaning) -> list[str]:
    if place is None:
        return [""] if meaning.has("decorator") else []
    value = part.reading.value(place)
    if value.text is not None:
        return [value.text]
    literal = place if isinstance(place, Collection) else None
    if literal is None or literal.kind == "map":
        return []
    texts = [part.reading.value(entry.value).text for entry in literal.entries]
    return [text for text in texts if text is not None]


def _methods(part: Part, call: Call, meaning: Meaning) -> tuple[str, ...]:
    options = meaning.entry.options
    given = part.argument(call, options.get("methods") or options.get("method"))
    if given is not None:
        literal = given if isinstance(given, Collection) else part.reading.value(given).node
        if isinstance(literal, Collection):
            texts = [part.reading.value(entry.value).text for entry in literal.entries]
            return tuple(text.upper() for text in texts if text) or ("ANY",)
        text = part.reading.value(given).text
        return (text.upper(),) if text and text.upper() in METHODS else ("ANY",)
    known = tuple(trait for trait in meaning.entry.traits if trait in METHODS)
    if known:
        return known
    return ("GET",) if meaning.has("GET-by-default") else ("ANY",)


def _handler(part: Part, call: Call, meaning: Meaning, rest: list[Expression]) -> Node | None:
    above = part.reading.parent(call)
    if isinstance(above, Function) and any(call is d for d in above.decorators):
        return above
    if isinstance(above, Call) and above.callee is call and above.arguments:
        return above.arguments[0].value  # app.get("/")(handler)
    named = part.argument(call, meaning.entry.options.get("handler"))
    if named is not None:
        return named
    if part.is_python:
        return None  # without a handler's argument it is a decorator or a test client's call
    last = rest[-1] if rest else None
    return last if isinstance(last, Function | Name | Member | Index | Call) else None


def _named(part: Part, handler: Node | None, owner: str) -> tuple[str, Span | None]:
    if isinstance(handler, Function):
        name = f"@{owner}.{handler.name}" if owner and handler.name else handler.name
        return name, handler.name_span
    while isinstance(handler, Call) and handler.arguments:
        handler = handler.arguments[-1].value  # a wrapper: asyncHandler(list)
        if isinstance(handler, Function):
            return "", handler.name_span
    if isinstance(handler, Call) and isinstance(handler.callee, Member):
        return path_of(handler.callee.object), None  # OrderView.as_view()
    if isinstance(handler, Name | Member | Index):
        return path_of(handler), None
    return "", None


def _class_of(part: Part, handler: Node) -> str:
    above = part.reading.parent(handler)
    return above.name if isinstance(above, Class) else ""


def _is_mount(part: Part, handler: Node) -> bool:
    return isinstance(handler, Call) and part.has_role(handler, "mount")


_ACTS = {
    "router": mountings.router,
    "mount": mountings.mount,
    "endpoint": endpoint,
    "middleware": mountings.middleware,
}


def _route(receiver: Expression | None) -> Call | None:
    """The `route("/path")` that a chain of methods begins with."""
    while isinstance(receiver, Call) and isinstance(receiver.callee, Member):
        if receiver.callee.name == "route":
            return receiver
        receiver = receiver.callee.object
    return None


def _flat(handlers: list[Expression]) -> Iterator[Expression]:
    """Handlers, those in lists too: `[auth, list]`."""
    for handler in handlers:
        if isinstance(handler, Collection) and handler.kind == "list":
            yield from _flat([entry.value for entry in handler.entries])
        else:
            yield handler


def _named_in(prefix: str) -> tuple[str, ...]:
    return tuple(word.split("}")[0] for word in prefix.split("{")[1:])


def _home(reading: Reading) -> str:
    """A name by which the item can be found again, when it binds one."""
    owner = reading.item.place.owner
    for statement in reading.item.body:
        if isinstance(statement, Function | Class) and statement.name:
            return f"@{owner}.{statement.name}" if owner else statement.name
        if isinstance(statement, Assign) and not statement.operator and not owner:
            name = path_of(statement.targets[0]) if statement.targets else ""
            if name.isidentifier():
                return name
    return ""
