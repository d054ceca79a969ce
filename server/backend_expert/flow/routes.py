"""Routes: what a file says of routing, and the full path of an endpoint as far as that tells."""

from collections.abc import Mapping

import msgspec

from backend_expert.facts.endpoint import Endpoint

_DEEPEST = 8


class Router(msgspec.Struct, frozen=True, gc=False):
    """A variable that endpoints are registered on. An application has no router above it.

    guards: what lets callers through to everything registered on it. is_literal: the prefix is
    written there, not computed.
    """

    name: str
    prefix: str
    is_application: bool
    guards: tuple[str, ...] = ()
    is_literal: bool = True


class Mount(msgspec.Struct, frozen=True, gc=False):
    """`parent.mount(child, prefix)`; child is a variable of this file or an imported name.

    overrides: the prefix takes the place of the child's own (Flask's blueprints). is_literal: the
    prefix is written there, not computed.
    """

    parent: str
    child: str
    prefix: str
    guards: tuple[str, ...] = ()
    overrides: bool = False
    is_literal: bool = True


class Wall(msgspec.Struct, frozen=True, gc=False):
    """`router.use(guard)`: stands before what is registered on the router from there on.

    endpoints, mounts: how many of the file's come before it; prefix: of the paths it stands before;
    in_order: it stands only before what is registered after it.
    """

    router: str
    guards: tuple[str, ...]
    prefix: str = ""
    endpoints: int = 0
    mounts: int = 0
    in_order: bool = True


class Routes(msgspec.Struct, frozen=True):
    """What one item, or one file, says of routing; prefixes are not joined yet.

    exports: names that other files import, with the router that each stands for. imports: routers
    of other files that endpoints here are registered on, with their dotted names. is_strict: `/a`
    and `/a/` are two paths.
    """

    routers: tuple[Router, ...] = ()
    mounts: tuple[Mount, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    walls: tuple[Wall, ...] = ()
    exports: tuple[tuple[str, str], ...] = ()
    imports: tuple[tuple[str, str], ...] = ()
    is_strict: bool = True

    def router(self, name: str) -> Router | None:
        """The router that a variable holds, if this file makes it."""
        return next((router for router in self.routers if router.name == name), None)


NO_ROUTES = Routes()


class Above(msgspec.Struct, frozen=True):
    """What lies above a router: the prefix of all it holds, whether that is all, its guards."""

    prefix: str = ""
    is_complete: bool = False
    guards: tuple[str, ...] = ()


def together(parts: list[Routes]) -> Routes:
    """The parts of a file as one."""
    endpoints: list[Endpoint] = []
    mounts: list[Mount] = []
    walls: list[Wall] = []
    for part in parts:
        walls += (
            msgspec.structs.replace(
                wall,
                endpoints=wall.endpoints + len(endpoints) if wall.in_order else 0,
                mounts=wall.mounts + len(mounts) if wall.in_order else 0,
            )
            for wall in part.walls
        )
        endpoints += part.endpoints
        mounts += part.mounts
    return Routes(
        tuple(router for part in parts for router in part.routers),
        tuple(mounts), tuple(endpoints), tuple(walls), is_strict=parts[0].is_strict,
    )  # fmt: skip


def top(router: str, routes: Routes) -> str:
    """The outermost router of this file above `router`, or itself."""
    for _ in range(_DEEPEST):
        parent = next((m.parent for m in routes.mounts if m.child == router != m.parent), None)
        if parent is None:
            break
        router = parent
    return router


def is_written(router: str, routes: Routes) -> bool:
    """Whether all that this file tells of a router's prefix is written out."""
    for _ in range(_DEEPEST):
        made = routes.router(router)
        mount = next((m for m in routes.mounts if m.child == router != m.parent), None)
        overrides = mount is not None and mount.overrides
        if made is not None and not made.is_literal and not overrides:
            return False
        if mount is None:
            return True
        if not mount.is_literal:
            return False
        router = mount.parent
    return False


def joined(routes: Routes, over: Mapping[str, Above] | None = None) -> tuple[Endpoint, ...]:
    """The endpoints with the prefixes and guards of the routers above them.

    `over` tells what lies above a router where more is known than this file says.
    """
    known: dict[str, Above] = dict(over or {})
    found: list[Endpoint] = []
    for at, endpoint in enumerate(routes.endpoints):
        name = endpoint.router
        if name not in known:
            known[name] = above(name, routes)
        found.append(_joined(endpoint, at, known[name], routes))
    return tuple(found)


def _joined(endpoint: Endpoint, at: int, over: Above, routes: Routes) -> Endpoint:
    walls = tuple(
        word
        for wall in routes.walls
        if wall.router == endpoint.router and wall.endpoints <= at
        and endpoint.path.startswith(wall.prefix)
        for word in wall.guards
    )  # fmt: skip
    if not over.prefix and over.is_complete == endpoint.is_complete and not (over.guards or walls):
        return endpoint
    own = endpoint.path if routes.is_strict else endpoint.path.rstrip("/")
    return msgspec.structs.replace(
        endpoint,
        path=join_paths(over.prefix, own) or "/",
        is_complete=over.is_complete and endpoint.is_complete,
        guards=tuple(dict.fromkeys((*over.guards, *walls, *endpoint.guards))),
    )


def above(router: str, routes: Routes, depth: int = 0) -> Above:
    """What this file tells of everything registered on `router`."""
    own = routes.router(router)
    if depth > _DEEPEST:
        return Above()
    prefix = own.prefix if own else ""
    guards = own.guards if own else ()
    at = next((i for i, m in enumerate(routes.mounts) if m.child == router != m.parent), None)
    if at is None:
        return Above(prefix, own is not None and own.is_application, guards)
    return under(routes.mounts[at], at, prefix, guards, routes, depth)


def under(
    mount: Mount, at: int, prefix: str, guards: tuple[str, ...], routes: Routes, depth: int = 0
) -> Above:
    """What lies above a router with a prefix and guards of its own that `mount` puts in place."""
    over = above(mount.parent, routes, depth + 1)
    walls = (
        word
        for wall in routes.walls
        if wall.router == mount.parent and wall.mounts <= at
        and (mount.prefix or "/").startswith(wall.prefix)
        for word in wall.guards
    )  # fmt: skip
    inner = mount.prefix if mount.overrides and mount.prefix else join_paths(mount.prefix, prefix)
    return Above(
        join_paths(over.prefix, inner),
        over.is_complete and is_literal(mount, routes),
        (*over.guards, *walls, *mount.guards, *guards),
    )


def is_literal(mount: Mount, routes: Routes) -> bool:
    """Whether a mount's prefix is written out, and that of a router made in the same file too."""
    child = routes.router(mount.child)
    return mount.is_literal and (child is None or child.is_literal or mount.overrides)


def join_paths(first: str, second: str) -> str:
    """Two paths as one, with one slash between."""
    if not first:
        return second
    if not second:
        return first
    return first.rstrip("/") + "/" + second.lstrip("/")
