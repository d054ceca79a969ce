"""What rules about endpoints share: each with its item and, where this file has it, its handler."""

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, TypeVar, cast

import msgspec

from backend_expert.facts.code import Branch, Call, Function, Name, Node, Try, children, walk
from backend_expert.facts.endpoint import Endpoint
from backend_expert.facts.item import Item
from backend_expert.flow.endpoints import handler_of, placed
from backend_expert.flow.routes import Routes
from backend_expert.lint.context import CodeFile, Context
from backend_expert.lint.finding import Finding
from backend_expert.text.pattern import pattern

T = TypeVar("T")

# Guards that ask who is calling.
AUTH = pattern(
    r"auth|log(?:ged)?_?in|permission|require[sd]?_?\w|user|admin|jwt|protect|identity"
    r"|staff|roles?(?:_|$|[A-Z])|guard|acl|secur|signed|principal|token|api_?key|scope|member",
    re.IGNORECASE,
)
LIMITS = pattern(r"limit|throttle|slow_?down|brute|captcha|lockout", re.IGNORECASE)
_HUMP = pattern(r"(?<=[a-z0-9])(?=[A-Z])")
# Handlers or guards whose work is to pass the request on.
_PASSES_ON = pattern(
    r"auth|guard|protect|require|ensure|verify|check|valid|middleware|limit|load|parse|log(?:ger)?$"
    r"|upload",
    re.IGNORECASE,
)


class Route(msgspec.Struct, frozen=True, eq=False, dict=True):
    """An endpoint, the item that registers it, and the function of this file that answers it.

    While these three stay, it is the same object from version to version of a file, so what is
    worked out about it is worked out once.
    """

    endpoint: Endpoint
    item: Item
    handler: Function | None = None
    home: Item | None = None

    @cached_property
    def notes(self) -> dict[str, Any]:
        """What rules work out about it and want to keep."""
        return {}

    def kept(self, key: str, work_out: "Callable[[Route], T]") -> T:
        """What `work_out` says of this route, asked once."""
        if key not in self.notes:
            self.notes[key] = work_out(self)
        return self.notes[key]

    @cached_property
    def words(self) -> str:
        """Its path and its handler's name in small letters, `confirmMail` as `confirm_mail`."""
        return _HUMP.sub("_", f"{self.endpoint.path} {self.endpoint.handler}").lower()


def routes(file: CodeFile) -> list[Route]:
    """The endpoints of a file, in the order they are registered."""
    if not file.endpoints:
        return []
    found = file.flow.notes.get("rule routes")
    if found is None:
        found = file.flow.notes["rule routes"] = _routes(file)
    return cast("list[Route]", found)


def _routes(file: CodeFile) -> list[Route]:
    kept = file.flow.notes.get("rule routes before")
    if kept is None:
        return [_route(file, item, endpoint) for item, endpoint in placed(file.flow)]
    before, moved = cast("tuple[list[Route], dict[int, Item]]", kept)
    found: list[Route] = []
    alike = True
    for old in before:
        if id(old.item) in moved or id(old.home) in moved:
            new = _route(file, moved.get(id(old.item), old.item), old.endpoint)
            alike = alike and _manner(new) == _manner(old)
            found.append(new)
        else:
            found.append(old)
    file.flow.notes["rule routes alike"] = alike
    return found


def _manner(route: Route) -> object:
    """What rules that compare routes ask of one beside its endpoint."""
    if "manner" not in route.notes:
        end = route.endpoint.span.end
        line = route.item.text[end : end + 200].partition("\n")[0]
        own = route.handler is not None and route.home is route.item
        manner = (is_conditional(route), passes_on(route), own, line)
        route.notes["manner"] = manner
    return route.notes["manner"]


Compared = list[tuple[Route, Finding]]


def compared(
    file: CodeFile, key: str, compare: Callable[[list[Route]], Iterable[tuple[Route, Finding]]]
) -> Compared:
    """What comparing the routes of a file finds of each; done again only when one is another."""
    table = routes(file)
    notes = file.flow.notes
    kept = notes.get("compared before")
    known = cast("dict[str, list[tuple[int, Finding]]]", kept) if isinstance(kept, dict) else {}
    if not notes.get("rule routes alike") or key not in known:
        places = {id(route): at for at, route in enumerate(table)}
        found = [(places[id(route)], finding) for route, finding in compare(table)]
    else:
        found = known[key]
    cast("dict[str, list[tuple[int, Finding]]]", notes.setdefault("compared", {}))[key] = found
    return [
        (table[at], msgspec.structs.replace(finding, item=table[at].item)) for at, finding in found
    ]


def _route(file: CodeFile, item: Item, endpoint: Endpoint) -> Route:
    answers = handler_of(file.flow, item, endpoint)
    home, handler = answers if answers is not None else (None, None)
    return Route(endpoint, item, handler, home)


def registered_in(ctx: Context) -> tuple[Endpoint, ...]:
    """The endpoints that the item under check registers, without their routers' prefixes."""
    kept = ctx.reading.notes.get("routes")
    return kept.endpoints if isinstance(kept, Routes) else ()


def is_conditional(route: Route) -> bool:
    """Whether it is registered in a branch, so that another one may stand in its place."""
    return route.kept("conditional", _is_conditional)


def _is_conditional(route: Route) -> bool:
    place = route.endpoint.span
    around: list[Node] = [node for node in route.item.body if node.span.covers(place)]
    while around:
        if any(isinstance(node, Branch | Try) for node in around):
            return True
        around = [part for node in around for part in children(node) if part.span.covers(place)]
    return False


def passes_on(route: Route) -> bool:
    """Whether a handler of middleware kind may leave the request to the next one."""
    return route.kept("passes on", _passes_on)


def _passes_on(route: Route) -> bool:
    handler = route.handler
    if handler is None:
        return bool(_PASSES_ON.search(route.endpoint.handler.rpartition(".")[2]))
    if len(handler.parameters) < 3:
        return False
    following = handler.parameters[2].name
    for statement in handler.body:
        for node in walk(statement):
            is_next = isinstance(node, Call) and isinstance(node.callee, Name)
            if is_next and node.callee.id == following and _goes_on(node):  # type: ignore[union-attr]
                return True
    return False


def _goes_on(call: Call) -> bool:
    return not call.arguments or getattr(call.arguments[0].value, "value", None) == "route"


def same_router(route: Route, file: CodeFile) -> tuple[str, int]:
    """A key that routes of one router share; routers of a function count for it alone."""
    name = route.endpoint.router
    known = file.flow.outline.names
    is_shared = name.partition(".")[0].lstrip("@") in known
    return name, 0 if is_shared else id(route.item)


def best_match(file: CodeFile) -> frozenset[str]:
    """The technologies whose routers take the most specific path, not the first."""
    known = file.flow.catalogue.technologies
    return frozenset(
        id
        for id in {endpoint.technology for endpoint in file.endpoints}
        if any(e.role == "router" and "best-match" in e.traits for e in known[id].call)
    )


def shown(endpoint: Endpoint) -> str:
    """`GET /orders/{id}`."""
    return f"{endpoint.method} {endpoint.path or '/'}"


def mentions(node: Node | Iterable[Node], *names: str) -> bool:
    """Whether one of the names occurs as a bare name."""
    nodes = (node,) if isinstance(node, Node) else tuple(node)
    return any(isinstance(n, Name) and n.id in names for top in nodes for n in walk(top))
