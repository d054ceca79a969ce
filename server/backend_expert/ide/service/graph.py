"""The service as a graph: the sketches of all files put together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

import msgspec

from backend_expert.facts.endpoint import Endpoint
from backend_expert.ide.service.shapes import Link, Sketch, Sketched, Spot, Use
from backend_expert.workspace.modules import candidates, listing
from backend_expert.workspace.routing import Routing


class Part(msgspec.Struct, frozen=True):
    """A part of the service; `detail` says more of it in a few words, `group` is its project."""

    id: str
    kind: str
    label: str
    detail: str = ""
    spot: Spot | None = None
    findings: int = 0
    group: str = ""


class Edge(msgspec.Struct, frozen=True):
    """That one part uses or feeds another."""

    source: str
    target: str
    how: str


class Graph:
    """The parts and edges of a service; those of functions that lead to nothing are left out."""

    def __init__(self, sketches: Sequence[Sketch]) -> None:
        self._sketches = {sketch.path: sketch for sketch in sketches}
        self._names = cache(listing)
        table = {sketch.path: sketch.routes for sketch in sketches}
        self._routing = Routing(table, self._files_of)
        self._tables = {d.table: d.spot for s in sketches for d in s.defined if not d.model}
        self._models: dict[str, str] = {}
        for one in (d for sketch in sketches for d in sketch.defined if d.model):
            self._models[one.model] = one.table
            self._tables.setdefault(one.table, one.spot)
        self.parts: dict[str, Part] = {}
        self.edges: dict[tuple[str, str], Edge] = {}
        self._handled: dict[tuple[str, str], list[str]] = defaultdict(list)
        for sketch in sketches:
            self._add_endpoints(sketch)
        for sketch in sketches:
            for function in sketch.functions:
                self._add_function(sketch, function)
        for sketch in sketches:
            for link in sketch.links:
                self._add_link(sketch, link)
        self._prune()

    # -- endpoints ----------------------------------------------------------------------------

    def endpoints(self, sketch: Sketch) -> tuple[Endpoint, ...]:
        """A file's endpoints with the prefixes of the whole project."""
        joined = self._routing.endpoints(sketch.path)
        own = tuple(one.endpoint for one in sketch.endpoints)
        return joined if len(joined) == len(own) else own

    def _add_endpoints(self, sketch: Sketch) -> None:
        joined = self.endpoints(sketch)
        for number, (one, endpoint) in enumerate(zip(sketch.endpoints, joined, strict=True)):
            id = f"endpoint:{sketch.path}:{number}"
            label = f"{endpoint.method} {endpoint.path or '/'}"
            home, function = self._function(sketch, one.handler) or (sketch, None)
            findings = function.findings if function is not None else 0
            guards = f"guarded by {', '.join(endpoint.guards)}" if endpoint.guards else ""
            detail = " · ".join(filter(None, (one.handler, guards)))
            self.parts[id] = Part(id, "endpoint", label, detail, one.spot, findings, sketch.root)
            if function is not None:
                self._handled[home.path, function.name].append(id)

    # -- functions ----------------------------------------------------------------------------

    def _ids(self, sketch: Sketch, function: Sketched) -> list[str]:
        """The parts that stand for a function: the endpoints that it answers, or itself."""
        return self._handled.get((sketch.path, function.name)) or [
            f"function:{sketch.path}:{function.name}"
        ]

    def _add_function(self, sketch: Sketch, function: Sketched) -> None:
        for id in self._ids(sketch, function):
            if id not in self.parts:
                where = sketch.path.removeprefix(sketch.root).lstrip("/")
                label = where if function.name == "main" else function.name
                self.parts[id] = Part(
                    id, "function", label, where, function.spot, function.findings, sketch.root
                )
            for use in function.uses:
                used = self._used(sketch, use)
                if used:
                    self._join(id, used, use.how)
            for names, how in ((function.calls, "calls"), (function.enqueues, "enqueues")):
                for name in names:
                    called = self._function(sketch, name)
                    for target in self._ids(*called) if called is not None else ():
                        self._join(id, target, how)

    def _function(self, sketch: Sketch, name: str) -> tuple[Sketch, Sketched] | None:
        """The function that a name stands for in a file, and the file it stands in."""
        for path, inner in ((sketch.path, name), *self._files_of(name, sketch.path)):
            other = self._sketches.get(path)
            for function in other.functions if other is not None else ():
                if function.name == inner and other is not None:
                    return other, function
        return None

    def _files_of(self, dotted: str, path: str) -> Iterable[tuple[str, str]]:
        sketch = self._sketches[path]
        if "." not in dotted:
            return ()
        return candidates(dotted, path, sketch.root, sketch.family, self._names)

    # -- what is used -------------------------------------------------------------------------

    def _used(self, sketch: Sketch, use: Use) -> str:
        """The id of what is used; empty for a class that is mapped to no table."""
        if use.kind == "table":
            mapped = self._models.get(use.label)
            return self._store(sketch, "table", mapped) if mapped is not None else ""
        if use.kind != "query":
            return self._store(sketch, use.kind, use.label)
        line, character, *_ = use.spot.range
        id = f"query:{use.spot.path}:{line}:{character}"
        where = use.spot.path.removeprefix(sketch.root).lstrip("/")
        detail = f"{where}:{line + 1}"
        self.parts[id] = Part(id, "query", use.label, detail, use.spot, use.findings, sketch.root)
        for table, how in use.tables:
            self._join(id, self._store(sketch, "table", table), how)
        return id

    def _store(self, sketch: Sketch, kind: str, label: str) -> str:
        id = f"{kind}:{label}"
        if id not in self.parts:
            spot = self._tables.get(label) if kind == "table" else None
            self.parts[id] = Part(id, kind, label, "", spot, 0, sketch.root)
        return id

    def _add_link(self, sketch: Sketch, link: Link) -> None:
        if link.kind == "binding":
            source = self._store(sketch, "topic", link.source)
            self._join(source, self._store(sketch, "queue", link.target), link.how)
            return
        called = self._function(sketch, link.target)
        if called is not None:
            known = f"topic:{link.source}" if f"topic:{link.source}" in self.parts else ""
            queue = known or self._store(sketch, "queue", link.source)
            for target in self._ids(*called):
                self._join(queue, target, link.how)

    def _join(self, source: str, target: str, how: str) -> None:
        """An edge; what is said of the same two again is added to it."""
        known = self.edges.get((source, target))
        words = [*(known.how.split(", ") if known else ()), how]
        how = ", ".join(word for word in dict.fromkeys(words) if word)
        if source != target:
            self.edges[source, target] = Edge(source, target, how)

    def _prune(self) -> None:
        """Leaves out functions from which nothing is used, however far one follows their calls."""
        before: dict[str, list[str]] = defaultdict(list)
        for source, target in self.edges:
            before[target].append(source)
        kept = {id for id, part in self.parts.items() if part.kind != "function"}
        waiting = [id for id in kept if self.parts[id].kind != "endpoint"]
        while waiting:
            for source in before[waiting.pop()]:
                if source not in kept:
                    kept.add(source)
                    waiting.append(source)
        self.parts = {id: part for id, part in self.parts.items() if id in kept}
        self.edges = {key: edge for key, edge in self.edges.items() if kept.issuperset(key)}
