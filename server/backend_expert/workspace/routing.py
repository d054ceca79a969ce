"""Routing across files: the full path of each endpoint, where routers are mounted elsewhere.

Pure but for the resolver, which tells the file that an import names: a table of what each file
says of routing goes in, endpoints with all their prefixes and guards come out.
"""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from backend_expert.facts.endpoint import Endpoint
from backend_expert.flow.routes import (
    Above,
    Routes,
    above,
    is_written,
    join_paths,
    joined,
    top,
    under,
)

Table = Mapping[str, Routes]
Resolver = Callable[[str, str], Iterable[tuple[str, str]]]  # (dotted, by file) → (file, name) …
Place = tuple[str, str]  # a file's path and the router's name in it
_DEEPEST = 8
_APPLICATIONS = ("app", "application", "self.app")
_PATTERNS = "urlpatterns"  # what an included module of Django is looked for


class Routing:
    """What lies above the routers of a project's files; make a new one when routes change.

    `mounting` are the files whose mounts count; those of others in `table` do not.
    """

    def __init__(
        self, table: Table, resolve: Resolver, mounting: Iterable[str] | None = None
    ) -> None:
        self.table = table
        self._resolve = resolve
        self._known: dict[Place, Above] = {}
        self._mounts: dict[Place, list[tuple[str, int]]] = {}
        self._mounting = tuple(table if mounting is None else mounting)
        for path in self._mounting:
            for at, mount in enumerate(table[path].mounts):
                place = self._place(mount.child, path)
                if place is not None and place[0] != path:
                    self._mounts.setdefault(place, []).append((path, at))

    def endpoints(self, path: str) -> tuple[Endpoint, ...]:
        """The endpoints of a file with the prefixes of the whole project, in the file's order."""
        routes = self.table.get(path)
        if routes is None:
            return ()
        names = dict.fromkeys(endpoint.router for endpoint in routes.endpoints)
        return joined(routes, {name: self.above(path, name) for name in names})

    def guards_over(self, path: str) -> tuple[str, ...]:
        """The guards of other files' mounts that name the file at `path`, and of what is above."""
        found: list[str] = []
        for there in self._mounting:
            for mount in self.table[there].mounts if there != path else ():
                if any(file == path for file, _ in self._resolve(mount.child, there)):
                    found += (*mount.guards, *self.above(there, mount.parent).guards)
        return tuple(dict.fromkeys(found))

    def above(self, path: str, router: str, depth: int = 0) -> Above:
        """What the project tells of everything registered on a router of a file."""
        routes = self.table.get(path)
        if routes is None or depth > _DEEPEST:
            return Above()
        place = (path, router)
        if place not in self._known:
            self._known[place] = Above()  # what mounts itself has nothing above
            self._known[place] = self._above(path, router, routes, depth)
        return self._known[place]

    def _above(self, path: str, router: str, routes: Routes, depth: int) -> Above:
        imported = dict(routes.imports).get(router)
        if imported is not None:
            home = self._place(imported, path)
            return self.above(*home, depth + 1) if home is not None else Above()
        own = above(router, routes)
        if own.is_complete:
            return own
        outermost = top(router, routes)
        mounts = self._mounts.get((path, outermost))
        if not mounts:
            is_root = outermost == _PATTERNS and any(m.parent == outermost for m in routes.mounts)
            return msgspec.structs.replace(own, is_complete=is_root)
        there, at = mounts[0]
        other = self.table[there]
        mount = other.mounts[at]
        if len(mounts) > 1 or not (mount.is_literal and is_written(router, routes)):
            return own  # under several paths, or one that is computed
        inner = under(mount, at, own.prefix, own.guards, other)
        if inner.is_complete:
            return inner
        over = self.above(there, mount.parent, depth + 1)
        if not over.is_complete and not _is_application(mount.parent, other):
            return own
        within = above(mount.parent, other)
        # `inner` has the prefixes that its own file knows: what lies above that file comes first.
        missing = over.prefix.removesuffix(within.prefix) if within.prefix else over.prefix
        guards = tuple(dict.fromkeys((*over.guards, *inner.guards)))
        return Above(join_paths(missing, inner.prefix), True, guards)

    def _place(self, dotted: str, path: str) -> Place | None:
        """The file and the router that an imported name stands for."""
        for file, name in self._resolve(dotted, path):
            routes = self.table.get(file)
            if routes is None:
                continue
            exports = dict(routes.exports)
            if name:
                if name in exports:
                    return file, exports[name]
                continue
            for known in ("default", _PATTERNS):
                if known in exports:
                    return file, exports[known]
        return None


def _is_application(name: str, routes: Routes) -> bool:
    """Whether a name is that of the service itself, handed to a function or made elsewhere."""
    return name in _APPLICATIONS and not any(mount.child == name for mount in routes.mounts)
