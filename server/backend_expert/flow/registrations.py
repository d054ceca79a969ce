"""What one item registers: routers, what is mounted where, endpoints and the walls before them."""

import re
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
from backend_expert.flow.paths import path_of
from backend_expert.flow.reading import Reading, Site
from backend_expert.flow.route_guards import declared, handler_guards, word, words
from backend_expert.flow.route_paths import neutral, parameters_of
from backend_expert.flow.routes import NO_ROUTES, Mount, Router, Routes, Wall, join_paths
from backend_expert.flow.slots import option
from backend_expert.technologies.catalogue import Catalogue, Meaning, root_of
from backend_expert.technologies.model import Slot
from backend_expert.text.span import Span

METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "ANY"))
# A middleware by its name, where it might also be a router from another file.
_MIDDLEWARE = re.compile(
    r"auth|limit|guard|protect|require|ensure|verify|check|valid|middleware|handler|logger|parser"
    r"|session|csrf|cors|permission|admin(?!.*rout)|error|convert",
    re.IGNORECASE,
)


def registered(reading: Reading, catalogue: Catalogue) -> Routes:
    """What an item says of routing, prefixes not yet joined."""
    part = _Part(reading, catalogue)
    for site in reading.sites.values():
        for meaning in site.meanings:
            act = _ACTS.get(meaning.role)
            if act is not None:
                act(part, site, meaning)
    for statement in reading.item.body:
        if isinstance(statement, Function) and statement.decorators:
            part.decorated(statement)
    return part.routes()


class _Part:
    """The routes of an item while they are being read."""

    def __init__(self, reading: Reading, catalogue: Catalogue) -> None:
        self.reading = reading
        self.catalogue = catalogue
        self.is_python = "python" in catalogue.technologies
        self.routers: list[Router] = []
        self.mounts: list[Mount] = []
        self.endpoints: list[Endpoint] = []
        self.walls: list[Wall] = []

    def routes(self) -> Routes:
        if not (self.routers or self.mounts or self.endpoints or self.walls):
            return NO_ROUTES
        return Routes(
            tuple(self.routers), tuple(self.mounts), tuple(self.endpoints), tuple(self.walls),
            is_strict=self.is_python,
        )  # fmt: skip

    # -- routers and what is mounted on them ----------------------------------------------------

    def router(self, site: Site, meaning: Meaning) -> None:
        holder = self.reading.parent(site.call)
        guards = tuple(declared(self.reading, site.call))
        if isinstance(holder, Class):  # @Controller("orders")
            name = "@" + holder.name
            others = (d for d in holder.decorators if d is not site.call)
            guards += tuple(g for d in others if (g := word(self.reading, d)))
        else:
            targets: tuple[Expression, ...] = getattr(holder, "targets", ())
            name = path_of(targets[0]) if targets else ""
        if name:
            prefix = self.text(site.call, meaning.subject)
            is_root = not isinstance(holder, Class) and _is_root(site.name)
            self.routers.append(Router(name, neutral(prefix), is_root, guards))

    def mount(self, site: Site, meaning: Meaning) -> None:
        call = site.call
        outer = self.endpoint_around(call)
        if outer is not None:  # path("api/", include("shop.urls"))
            self.include(call, outer, meaning)
            return
        parent = path_of(call.callee.object) if isinstance(call.callee, Member) else ""
        prefix = self.text(call, meaning.entry.options.get("prefix"))
        children = [self.argument(call, meaning.subject)]
        if not prefix and children[0] is not None:
            text = self.reading.value(children[0]).text
            first = self.reading.sites.get(id(children[0]))
            if text is not None and not (first and any(m.role == "import" for m in first.meanings)):
                # Express: the path comes first, what is mounted after it.
                prefix, children = text, [a.value for a in call.arguments[1:]]
            elif not meaning.entry.options.get("prefix"):
                children = [a.value for a in call.arguments]
        known = [child for child in children if child is not None]
        if known and parent:
            self.put(parent, known, neutral(prefix), tuple(declared(self.reading, call)), meaning)

    def put(
        self, parent: str, children: list[Expression], prefix: str, guards: tuple[str, ...],
        meaning: Meaning,
    ) -> None:  # fmt: skip
        """Mounts the last of `children`, the others stand before it; or all of them are walls."""
        children = [child for child in children if not _is_path(child)]
        last = self.known_as(children[-1]) if children else ""
        if not children:
            return
        before = tuple(g for c in children[:-1] for g in words(self.reading, c) if g)
        explicit = "prefix" in meaning.entry.options
        if last and (explicit or not self.is_middleware(children[-1], last)):
            self.mounts.append(
                Mount(parent, last, prefix, guards + before, meaning.has("prefix-overrides"))
            )
            return
        before += tuple(g for g in words(self.reading, children[-1]) if g)
        if before:
            self.walls.append(Wall(parent, before, prefix, len(self.endpoints), len(self.mounts)))

    def is_middleware(self, child: Expression, name: str) -> bool:
        if isinstance(child, Function):
            return True
        if isinstance(child, Call):
            site = self.reading.sites.get(id(child))
            roles = {m.role for m in site.meanings} if site else set[str]()
            return not roles & {"import", "router"}
        value = self.reading.value(child)
        if isinstance(value.node, Function):
            return True
        return bool(_MIDDLEWARE.search(name.rpartition("/")[2].rpartition(".")[2]))

    def known_as(self, child: Expression) -> str:
        """The variable that holds a router, or the dotted name it is imported by."""
        name = path_of(child)
        known = self.reading.value(child).name
        is_own = not known or known[0] in "?@" or root_of(known) in self.catalogue.roots
        return name if is_own else known

    def endpoint_around(self, call: Call) -> Call | None:
        argument = self.reading.parent(call)
        outer = self.reading.parent(argument) if argument is not None else None
        if isinstance(outer, Call) and self.has_role(outer, "endpoint"):
            return outer
        return None

    def include(self, call: Call, outer: Call, meaning: Meaning) -> None:
        parent = self.holder(outer)
        given = self.argument(call, meaning.subject)
        if isinstance(given, Collection) and given.kind == "tuple" and given.entries:
            given = given.entries[0].value
        if given is None or not parent:
            return
        child = self.reading.value(given).text or self.known_as(given).removesuffix(".urls")
        slot = next(
            m.subject for m in self.reading.sites[id(outer)].meanings if m.role == "endpoint"
        )
        if child:
            prefix = join_paths(self.around(outer), neutral(self.text(outer, slot)))
            self.mounts.append(Mount(parent, child, prefix))

    def holder(self, call: Call) -> str:
        """The list that a `path(…)` stands in: `urlpatterns`."""
        above = self.reading.parent(call)
        while above is not None:
            if isinstance(above, Assign) and above.targets:
                return path_of(above.targets[0])
            above = self.reading.parent(above)
        return ""

    def around(self, call: Call) -> str:
        """The prefix of `path("api/", include([path(…)]))` lists written in place."""
        prefix = ""
        above = self.reading.parent(call)
        while above is not None:
            if isinstance(above, Call) and self.has_role(above, "endpoint"):
                for meaning in self.reading.sites[id(above)].meanings:
                    if meaning.role == "endpoint":
                        prefix = join_paths(neutral(self.text(above, meaning.subject)), prefix)
                        break
            above = self.reading.parent(above)
        return prefix

    # -- endpoints ------------------------------------------------------------------------------

    def endpoint(self, site: Site, meaning: Meaning) -> None:
        call = site.call
        receiver: Expression | None = (
            call.callee.object if isinstance(call.callee, Member) else None
        )
        if meaning.has("path-in-receiver"):
            route = _route(receiver)
            if route is None or not isinstance(route.callee, Member):
                return
            place = route.arguments[0].value if route.arguments else None
            receiver = route.callee.object
            handlers = [argument.value for argument in call.arguments]
        else:
            place = self.argument(call, meaning.subject)
            handlers = [a.value for a in call.arguments if a.value is not place and not a.name]
        handlers = list(_flat(handlers))
        handler = self.handler(call, meaning, handlers)
        if handler is None or self.is_mount(handler):
            return  # `app.get("setting")`, `path("api/", include(…))`
        decorated = isinstance(handler, Function) and any(call is d for d in handler.decorators)
        between = [value for value in handlers if value is not handler]
        guards = handler_guards(self.reading, call, handler, between)
        router = path_of(receiver) if receiver is not None else self.holder(call)
        owner = self.reading.item.place.owner or self.class_of(handler)
        if decorated and receiver is None and owner:
            router = "@" + owner
        name, span = self.named(handler, owner)
        around = self.around(call) if receiver is None and not decorated else ""
        for path in self.paths(place, meaning):
            full = join_paths(around, neutral(path))
            for method in self.methods(call, meaning):
                self.endpoints.append(
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
                        home=_home(self.reading),
                    )
                )

    def paths(self, place: Expression | None, meaning: Meaning) -> list[str]:
        if place is None:
            return [""] if meaning.has("decorator") else []
        value = self.reading.value(place)
        if value.text is not None:
            return [value.text]
        literal = place if isinstance(place, Collection) else None
        if literal is None or literal.kind == "map":
            return []
        texts = [self.reading.value(entry.value).text for entry in literal.entries]
        return [text for text in texts if text is not None]

    def methods(self, call: Call, meaning: Meaning) -> tuple[str, ...]:
        options = meaning.entry.options
        given = self.argument(call, options.get("methods") or options.get("method"))
        if given is not None:
            literal = given if isinstance(given, Collection) else self.reading.value(given).node
            if isinstance(literal, Collection):
                texts = [self.reading.value(entry.value).text for entry in literal.entries]
                return tuple(text.upper() for text in texts if text) or ("ANY",)
            text = self.reading.value(given).text
            return (text.upper(),) if text and text.upper() in METHODS else ("ANY",)
        known = tuple(trait for trait in meaning.entry.traits if trait in METHODS)
        if known:
            return known
        return ("GET",) if meaning.has("GET-by-default") else ("ANY",)

    def handler(self, call: Call, meaning: Meaning, rest: list[Expression]) -> Node | None:
        above = self.reading.parent(call)
        if isinstance(above, Function) and any(call is d for d in above.decorators):
            return above
        if isinstance(above, Call) and above.callee is call and above.arguments:
            return above.arguments[0].value  # app.get("/")(handler)
        named = self.argument(call, meaning.entry.options.get("handler"))
        if named is not None:
            return named
        if self.is_python:
            return None  # without a handler's argument it is a decorator or a test client's call
        last = rest[-1] if rest else None
        return last if isinstance(last, Function | Name | Member | Index | Call) else None

    def named(self, handler: Node | None, owner: str) -> tuple[str, Span | None]:
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

    def class_of(self, handler: Node) -> str:
        above = self.reading.parent(handler)
        return above.name if isinstance(above, Class) else ""

    def is_mount(self, handler: Node) -> bool:
        return isinstance(handler, Call) and self.has_role(handler, "mount")

    # -- walls ----------------------------------------------------------------------------------

    def middleware(self, site: Site, meaning: Meaning) -> None:
        """`blueprint.before_request(check)`: it stands before every endpoint."""
        callee = site.call.callee
        if meaning.has("before") and isinstance(callee, Member):
            given = (a.value for a in site.call.arguments)
            self.wall(path_of(callee.object), [g for v in given for g in words(self.reading, v)])

    def decorated(self, function: Function) -> None:
        """`@blueprint.before_request`, and the function's other decorators with it."""
        for decorator in function.decorators:
            if isinstance(decorator, Member):
                name = self.reading.value(decorator).name
                meanings = self.catalogue.calls(name) if name else ()
                if any(m.role == "middleware" and m.has("before") for m in meanings):
                    others = [d for d in function.decorators if d is not decorator]
                    found = [word(self.reading, d) for d in others] + [function.name]
                    self.wall(path_of(decorator.object), found)

    def wall(self, router: str, guards: list[str]) -> None:
        known = tuple(guard for guard in guards if guard)
        if known:
            self.walls.append(Wall(router, known, in_order=False))

    # -- arguments ------------------------------------------------------------------------------

    def argument(self, call: Call, slot: Slot | None) -> Expression | None:
        return option(call, slot, self.reading).value

    def text(self, call: Call, slot: Slot | None) -> str:
        node = self.argument(call, slot)
        return (self.reading.value(node).text or "") if node is not None else ""

    def has_role(self, call: Call, role: str) -> bool:
        site = self.reading.sites.get(id(call))
        return site is not None and any(meaning.role == role for meaning in site.meanings)


_ACTS = {
    "router": _Part.router,
    "mount": _Part.mount,
    "endpoint": _Part.endpoint,
    "middleware": _Part.middleware,
}


def _flat(handlers: list[Expression]) -> Iterator[Expression]:
    """Handlers, those in lists too: `[auth, list]`."""
    for handler in handlers:
        if isinstance(handler, Collection) and handler.kind == "list":
            yield from _flat([entry.value for entry in handler.entries])
        else:
            yield handler


def _is_path(node: Expression) -> bool:
    """Whether an argument is a path that is computed: `use(route.path, route.router)`."""
    return isinstance(node, Member) and node.name in ("path", "prefix", "url", "base", "basePath")


def _is_root(name: str) -> bool:
    return not name.rpartition(".")[2].endswith(("Router", "Blueprint"))


def _route(receiver: Expression | None) -> Call | None:
    """The `route("/path")` that a chain of methods begins with."""
    while isinstance(receiver, Call) and isinstance(receiver.callee, Member):
        if receiver.callee.name == "route":
            return receiver
        receiver = receiver.callee.object
    return None


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
