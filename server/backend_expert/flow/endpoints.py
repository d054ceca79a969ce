"""The endpoints of a file: decorated and registered handlers, under their routers' prefixes."""

import re
from collections.abc import Iterator

import msgspec

from backend_expert.facts.code import (
    Call,
    Collection,
    Expression,
    Function,
    Index,
    Member,
    Name,
    Node,
)
from backend_expert.facts.endpoint import Endpoint
from backend_expert.flow.file import FileFlow
from backend_expert.flow.paths import path_of
from backend_expert.flow.reading import Reading, Site
from backend_expert.flow.slots import option
from backend_expert.technologies.catalogue import Meaning
from backend_expert.technologies.model import Slot
from backend_expert.text.span import Span

METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "ANY"))
# `{id}`, `{id:int}`, `<int:id>`, `<id>`, `:id`, `(?P<id>…)`
_PARAMETER = re.compile(
    r"\{(\w+)(?::(\w+))?\}|<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>|:(\w+)(?:\([^)]*\))?\??|\(\?P<(\w+)>[^)]*\)"
)


class Router(msgspec.Struct, frozen=True, gc=False):
    """A variable that endpoints are registered on. An application has no router above it."""

    name: str
    prefix: str
    is_application: bool


class Mount(msgspec.Struct, frozen=True, gc=False):
    """`parent.mount(child, prefix)`; child is a variable of this file or an imported name."""

    parent: str
    child: str
    prefix: str


class Routes(msgspec.Struct, frozen=True):
    """What one item, or one file, says of routing."""

    routers: tuple[Router, ...] = ()
    mounts: tuple[Mount, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()


NO_ROUTES = Routes()


def routes_of(flow: FileFlow) -> Routes:
    """What a file says of routing, prefixes not yet joined."""
    parts = [part for item in flow.items if (part := _part(flow.reading(item))) is not NO_ROUTES]
    if not parts:
        return NO_ROUTES
    return Routes(
        tuple(router for part in parts for router in part.routers),
        tuple(mount for part in parts for mount in part.mounts),
        tuple(endpoint for part in parts for endpoint in part.endpoints),
    )


def endpoints_of(flow: FileFlow) -> tuple[Endpoint, ...]:
    """Every endpoint that the file registers, prefixes joined as far as the file tells."""
    routes = routes_of(flow)
    return tuple(_joined(endpoint, routes) for endpoint in routes.endpoints)


def _joined(endpoint: Endpoint, routes: Routes) -> Endpoint:
    prefix, complete = prefix_of(endpoint.router, routes)
    if not prefix and complete == endpoint.is_complete:
        return endpoint
    return msgspec.structs.replace(
        endpoint,
        path=join_paths(prefix, endpoint.path),
        is_complete=complete and endpoint.is_complete,
    )


def prefix_of(router: str, routes: Routes, depth: int = 0) -> tuple[str, bool]:
    """The prefix of everything registered on `router`, and whether that is all of it."""
    own = next((r for r in routes.routers if r.name == router), None)
    if depth > 8:
        return "", False
    prefix = own.prefix if own else ""
    mount = next((m for m in routes.mounts if m.child == router), None)
    if mount is not None:
        above, complete = prefix_of(mount.parent, routes, depth + 1)
        return join_paths(join_paths(above, mount.prefix), prefix), complete
    return prefix, own is not None and own.is_application


def join_paths(first: str, second: str) -> str:
    """Two paths as one, with one slash between."""
    if not first:
        return second
    if not second or second == "/":
        return first
    return first.rstrip("/") + "/" + second.lstrip("/")


def parameters_of(path: str) -> tuple[str, ...]:
    """The parameters in a path of any framework's notation: `id`, or `id:int` with a converter."""
    found: list[str] = []
    for match in _PARAMETER.finditer(path):
        brace, kind, converter, angle, colon, group = match.groups()
        name = brace or angle or colon or group
        kind = kind or converter
        found.append(f"{name}:{kind}" if kind else name)
    return tuple(found)


def neutral(path: str) -> str:
    """A path with every parameter as `{name}`."""

    def braced(match: re.Match[str]) -> str:
        brace, _, _, angle, colon, group = match.groups()
        return "{" + (brace or angle or colon or group) + "}"

    return _PARAMETER.sub(braced, path.lstrip("^").rstrip("$"))


def _part(reading: Reading) -> Routes:
    kept = reading.notes.get("routes")
    if kept is None:
        kept = reading.notes["routes"] = _read(reading)
    return kept  # type: ignore[return-value]


def _read(reading: Reading) -> Routes:
    routers: list[Router] = []
    mounts: list[Mount] = []
    endpoints: list[Endpoint] = []
    for site in reading.sites.values():
        for meaning in site.meanings:
            if meaning.role == "router":
                routers += _router(reading, site, meaning)
            elif meaning.role == "mount":
                mounts += _mount(reading, site, meaning)
            elif meaning.role == "endpoint":
                endpoints += _endpoint(reading, site, meaning)
    if not (routers or mounts or endpoints):
        return NO_ROUTES
    return Routes(tuple(routers), tuple(mounts), tuple(endpoints))


def _router(reading: Reading, site: Site, meaning: Meaning) -> Iterator[Router]:
    above = reading.parent(site.call)
    targets: tuple[Expression, ...] = getattr(above, "targets", ())
    name = path_of(targets[0]) if targets else ""
    if name:
        slot = meaning.subject
        yield Router(name, _text(reading, site.call, slot), _is_root(site.name))


def _is_root(name: str) -> bool:
    return not name.rpartition(".")[2].endswith(("Router", "Blueprint"))


def _mount(reading: Reading, site: Site, meaning: Meaning) -> Iterator[Mount]:
    parent = _receiver(site.call)
    prefix = _text(reading, site.call, meaning.entry.options.get("prefix"))
    children = [_argument(reading, site.call, meaning.subject)]
    if not prefix and children[0] is not None and reading.value(children[0]).text is not None:
        # Express: the path comes first, what is mounted after it.
        prefix = reading.value(children[0]).text or ""
        children = [a.value for a in site.call.arguments[1:]]
    for child in children:
        if child is None:
            continue
        name = path_of(child)
        if name:
            known = reading.value(child).name
            dotted = known if known and not known.startswith(("?", "@")) else ""
            local = name if "." not in name else dotted or name
            yield Mount(parent, local, prefix)


def _endpoint(reading: Reading, site: Site, meaning: Meaning) -> Iterator[Endpoint]:
    call = site.call
    receiver: Expression | None = call.callee.object if isinstance(call.callee, Member) else None
    if meaning.has("path-in-receiver"):
        holder = receiver
        while isinstance(holder, Call) and isinstance(holder.callee, Member):
            if holder.callee.name == "route":
                break
            holder = holder.callee.object
        if not isinstance(holder, Call):
            return
        place = holder.arguments[0].value if holder.arguments else None
        receiver = holder.callee.object if isinstance(holder.callee, Member) else None
    else:
        place = _argument(reading, call, meaning.subject)
    path = reading.value(place).text if place is not None else None
    if path is None and meaning.subject is not None and place is not None:
        return
    handler = _handler(reading, call, meaning, place)
    if handler is None or _mounts(reading, handler):
        return  # `app.get("setting")`, `path("api/", include(…))`
    guards = _guards(reading, call, handler, place)
    for method in _methods(reading, call, meaning):
        name, span = _handler_name(reading, handler)
        yield Endpoint(
            method=method,
            path=neutral(path or ""),
            span=place.span if place is not None else call.span,
            handler=name,
            handler_span=span,
            parameters=parameters_of(path or ""),
            guards=guards,
            router=path_of(receiver) if receiver is not None else "",
            technology=meaning.technology,
            home=_home(reading),
        )


def _mounts(reading: Reading, handler: Node) -> bool:
    site = reading.sites.get(id(handler))
    return site is not None and any(meaning.role == "mount" for meaning in site.meanings)


def _home(reading: Reading) -> str:
    """A name by which the item can be found again, when it binds one."""
    owner = reading.item.place.owner
    for statement in reading.item.body:
        name = getattr(statement, "name", "")
        if isinstance(statement, Function) and name:
            return f"@{owner}.{name}" if owner else name
    return ""


def _methods(reading: Reading, call: Call, meaning: Meaning) -> tuple[str, ...]:
    given = _argument(reading, call, meaning.entry.options.get("methods"))
    if given is not None:
        literal = given if isinstance(given, Collection) else reading.value(given).node
        if isinstance(literal, Collection):
            texts = [reading.value(entry.value).text for entry in literal.entries]
            return tuple(text.upper() for text in texts if text) or ("ANY",)
        return ("ANY",)
    known = tuple(trait for trait in meaning.entry.traits if trait in METHODS)
    if known:
        return known
    return ("GET",) if meaning.has("GET-by-default") else ("ANY",)


def _handler(
    reading: Reading, call: Call, meaning: Meaning, place: Expression | None
) -> Node | None:
    above = reading.parent(call)
    if isinstance(above, Function) and any(call is d for d in above.decorators):
        return above
    named = _argument(reading, call, meaning.entry.options.get("handler"))
    if named is not None:
        return named
    rest = [a.value for a in call.arguments if a.value is not place and a.name is None]
    return rest[-1] if rest else None


def _handler_name(reading: Reading, handler: Node | None) -> tuple[str, Span | None]:
    if isinstance(handler, Function):
        owner = reading.item.place.owner
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


def _guards(
    reading: Reading, call: Call, handler: Node | None, place: Expression | None
) -> tuple[str, ...]:
    """What stands between the caller and the handler, by name."""
    found: list[str] = []
    if isinstance(handler, Function) and any(call is d for d in handler.decorators):
        found += (_word(d) for d in handler.decorators if d is not call)
        for parameter in handler.parameters:
            found += _injected(parameter.default)
            if isinstance(parameter.annotation, Index):
                entries = getattr(parameter.annotation.key, "entries", ())
                for entry in entries:
                    found += _injected(entry.value)
    else:
        between = [a.value for a in call.arguments if a.value is not place and a.name is None]
        found += (_word(value) for value in between if value is not handler)
    given = call.argument(None, "dependencies")
    if isinstance(given, Collection):
        for entry in given.entries:
            found += _injected(entry.value)
    return tuple(word for word in dict.fromkeys(found) if word)


def _injected(node: Expression | None) -> Iterator[str]:
    if isinstance(node, Call) and node.method in ("Depends", "Security") and node.arguments:
        yield _word(node.arguments[0].value)


def _word(node: Expression) -> str:
    if isinstance(node, Call):
        return _word(node.callee)
    return path_of(node)


def _receiver(call: Call) -> str:
    return path_of(call.callee.object) if isinstance(call.callee, Member) else ""


def _argument(reading: Reading, call: Call, slot: Slot | None) -> Expression | None:
    return option(call, slot, reading).value


def _text(reading: Reading, call: Call, slot: Slot | None) -> str:
    node = _argument(reading, call, slot)
    return (reading.value(node).text or "") if node is not None else ""
