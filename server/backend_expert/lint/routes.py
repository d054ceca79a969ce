"""What rules about endpoints share: each with its item and, where this file has it, its handler."""

import re
from collections.abc import Iterable, Iterator
from typing import cast

import msgspec

from backend_expert.facts.code import Branch, Call, Function, Name, Node, Try, walk
from backend_expert.facts.endpoint import Endpoint
from backend_expert.facts.item import Item
from backend_expert.flow.endpoints import handler_of, placed
from backend_expert.flow.routes import Routes
from backend_expert.lint.context import CodeFile, Context

# Guards that ask who is calling.
AUTH = re.compile(
    r"auth|log(?:ged)?_?in|permission|require[sd]?_?\w|user|admin|jwt|session|protect|identity"
    r"|staff|roles?(?:_|$|[A-Z])|guard|acl|secur|signed|principal|token|api_?key|scope|member",
    re.IGNORECASE,
)
LIMITS = re.compile(r"limit|throttle|slow_?down|brute|captcha|lockout", re.IGNORECASE)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Handlers or guards whose work is to pass the request on.
_PASSES_ON = re.compile(
    r"auth|guard|protect|require|ensure|verify|check|valid|middleware|limit|load|parse|log(?:ger)?$"
    r"|upload",
    re.IGNORECASE,
)


class Route(msgspec.Struct, frozen=True, eq=False):
    """An endpoint, the item that registers it, and the function of this file that answers it."""

    endpoint: Endpoint
    item: Item
    handler: Function | None = None
    home: Item | None = None

    @property
    def words(self) -> str:
        """Its path and its handler's name in small letters, `confirmMail` as `confirm_mail`."""
        return _HUMP.sub("_", f"{self.endpoint.path} {self.endpoint.handler}").lower()


def routes(file: CodeFile) -> list[Route]:
    """The endpoints of a file, in the order they are registered."""
    if not file.endpoints:
        return []
    found = file.flow.notes.get("rule routes")
    if found is None:
        found = file.flow.notes["rule routes"] = list(_routes(file))
    return cast("list[Route]", found)


def _routes(file: CodeFile) -> Iterator[Route]:
    for item, endpoint in placed(file.flow):
        answers = handler_of(file.flow, item, endpoint)
        home, handler = answers if answers is not None else (None, None)
        yield Route(endpoint, item, handler, home)


def registered_in(ctx: Context) -> tuple[Endpoint, ...]:
    """The endpoints that the item under check registers, without their routers' prefixes."""
    kept = ctx.reading.notes.get("routes")
    return kept.endpoints if isinstance(kept, Routes) else ()


def is_conditional(route: Route) -> bool:
    """Whether it is registered in a branch, so that another one may stand in its place."""
    for statement in route.item.body:
        for node in walk(statement):
            if isinstance(node, Branch | Try) and node.span.covers(route.endpoint.span):
                return True
    return False


def passes_on(route: Route) -> bool:
    """Whether a handler of middleware kind may leave the request to the next one."""
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
