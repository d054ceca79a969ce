"""The endpoints of a file: decorated and registered handlers, under their routers' prefixes."""

from collections.abc import Iterator
from typing import cast

import msgspec

from backend_expert.facts.code import Assign, Class, Function, Import
from backend_expert.facts.endpoint import Endpoint
from backend_expert.facts.item import Item
from backend_expert.flow.file import FileFlow
from backend_expert.flow.outline import Binding
from backend_expert.flow.paths import path_of
from backend_expert.flow.reading import Reading
from backend_expert.flow.registrations import registered
from backend_expert.flow.route_paths import neutral, parameters_of
from backend_expert.flow.routes import NO_ROUTES, Mount, Routes, join_paths, joined, together
from backend_expert.technologies.catalogue import Catalogue
from backend_expert.text.span import Span

__all__ = ["endpoints_of", "join_paths", "neutral", "parameters_of", "placed", "routes_of"]

# Methods of a class-based view that answer the HTTP method of their name.
_ANSWERS = ("get", "post", "put", "patch", "delete", "head", "options")


def routes_of(flow: FileFlow) -> Routes:
    """What a file says of routing, prefixes not yet joined."""
    return _read(flow)[0]


def endpoints_of(flow: FileFlow) -> tuple[Endpoint, ...]:
    """Every endpoint that the file registers, prefixes joined as far as the file tells."""
    return tuple(endpoint for _, endpoint in placed(flow))


def placed(flow: FileFlow) -> list[tuple[Item, Endpoint]]:
    """Every endpoint with the item that registers it, prefixes joined."""
    found = flow.notes.get("endpoints")
    if found is None:
        routes, items = _read(flow)
        found = flow.notes["endpoints"] = list(zip(items, joined(routes), strict=True))
    return cast("list[tuple[Item, Endpoint]]", found)


def handler_of(flow: FileFlow, item: Item, endpoint: Endpoint) -> tuple[Item, Function] | None:
    """The function of this file that answers an endpoint, and its item; `item` registers it."""
    if endpoint.handler_span is not None:
        found = _function_at(flow, item, endpoint.handler_span)
        if found is not None:
            return item, found
    name = endpoint.handler
    if name.startswith("@"):
        owner, _, method = name[1:].partition(".")
        binding = flow.outline.methods.get(owner, {}).get(method)
    else:
        binding = flow.outline.names.get(name)
    if binding is None:
        return None
    node = binding.node
    if isinstance(node, Assign) and isinstance(node.value, Function):
        node = node.value
    return (binding.item, node) if isinstance(node, Function) else None


def _function_at(flow: FileFlow, item: Item, span: Span) -> Function | None:
    reading = flow.reading(item)
    known = reading.notes.get("functions")
    if known is None:
        known = reading.notes["functions"] = {
            node.name_span: node for node in reading.nodes() if isinstance(node, Function)
        }
    return cast("dict[Span, Function]", known).get(span)


def routes_in(reading: Reading, catalogue: Catalogue) -> Routes:
    """What one item says of routing; kept with its reading."""
    kept = reading.notes.get("routes")
    if not isinstance(kept, Routes):
        kept = reading.notes["routes"] = registered(reading, catalogue)
    return kept


def _read(flow: FileFlow) -> tuple[Routes, list[Item]]:
    parts: list[Routes] = []
    items: list[Item] = []
    for item in flow.items:
        kept = routes_in(flow.reading(item), flow.catalogue)
        if kept is NO_ROUTES:
            continue
        part = _with_views(kept, flow)
        parts.append(part)
        items += [item] * len(part.endpoints)
    if not parts:
        return NO_ROUTES, []
    routes = together(parts)
    routes = msgspec.structs.replace(
        routes,
        mounts=tuple(_imported(mount, flow) for mount in routes.mounts),
        exports=tuple(_exports(flow, routes)),
        imports=tuple(_imports(flow, routes)),
    )
    return routes, items


def _imported(mount: Mount, flow: FileFlow) -> Mount:
    """A mount whose child goes by its dotted name where the file imports it."""
    first, dot, rest = mount.child.partition(".")
    binding = flow.outline.names.get(first)
    if binding is None or not isinstance(binding.node, Import):
        return mount
    return msgspec.structs.replace(mount, child=binding.node.dotted + dot + rest)


def _imports(flow: FileFlow, routes: Routes) -> Iterator[tuple[str, str]]:
    """The routers of other files that this one registers endpoints or mounts on."""
    used = (*(e.router for e in routes.endpoints), *(mount.parent for mount in routes.mounts))
    for name in dict.fromkeys(used):
        first, dot, rest = name.partition(".")
        binding = flow.outline.names.get(first)
        if binding is not None and isinstance(binding.node, Import):
            yield name, binding.node.dotted + dot + rest


def _with_views(part: Routes, flow: FileFlow) -> Routes:
    """Class-based views of this file as one endpoint for each method that they answer."""
    found: list[Endpoint] = []
    for endpoint in part.endpoints:
        methods = flow.outline.methods.get(endpoint.handler, {}) if endpoint.handler else {}
        answers = [word for word in _ANSWERS if word in methods]
        if endpoint.method == "ANY" and answers and _is_class(flow, endpoint.handler):
            found += (
                msgspec.structs.replace(
                    endpoint, method=word.upper(), handler=f"@{endpoint.handler}.{word}"
                )
                for word in answers
            )
        else:
            found.append(endpoint)
    if all(one is other for one, other in zip(found, part.endpoints, strict=False)):
        return part  # no view was taken apart: that changes each endpoint that it touches
    return msgspec.structs.replace(part, endpoints=tuple(found))


def _is_class(flow: FileFlow, name: str) -> bool:
    binding = flow.outline.names.get(name)
    return binding is not None and isinstance(binding.node, Class)


def _exports(flow: FileFlow, routes: Routes) -> Iterator[tuple[str, str]]:
    """The names by which other files know this file's routers."""
    known = {router.name for router in routes.routers}
    for name, binding in flow.outline.names.items():
        if name in known or (isinstance(binding.node, Assign) and name == "urlpatterns"):
            yield name, name
        elif name == "default" or name.startswith("exports."):
            yield from _exported(name.removeprefix("exports."), binding, known)


def _exported(name: str, binding: Binding, known: set[str]) -> Iterator[tuple[str, str]]:
    target = path_of(binding.value) if binding.value is not None else ""
    if target in known:
        yield name, target
    for entry in getattr(binding.value, "entries", ()):  # module.exports = { router }
        inner, key = path_of(entry.value), getattr(entry.key, "value", "")
        if inner in known and key:
            yield key, inner
