"""The overview of a service: its endpoints, queries, tables, workloads, and findings by area."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from backend_expert.ide.service.graph import Edge, Graph, Part
from backend_expert.ide.service.shapes import Sketch, Spot
from backend_expert.rules import AREAS


class Entry(msgspec.Struct, frozen=True):
    """One line, with its place."""

    label: str
    spot: Spot
    detail: str = ""
    findings: int = 0


class Group(msgspec.Struct, frozen=True):
    """Lines that belong to one thing."""

    label: str
    entries: tuple[Entry, ...]
    detail: str = ""


class Overview(msgspec.Struct, frozen=True):
    """What a service consists of."""

    endpoints: tuple[Entry, ...]
    queries: tuple[Entry, ...]
    tables: tuple[Group, ...]
    workloads: tuple[Group, ...]
    findings: tuple[Group, ...]


def overview_of(sketches: Sequence[Sketch]) -> Overview:
    """The overview of all files together."""
    graph = Graph(sketches)
    parts = graph.parts.values()
    return Overview(
        endpoints=tuple(sorted(_entries(parts, "endpoint"), key=_by_path)),
        queries=tuple(sorted(_entries(parts, "query"), key=lambda one: one.label)),
        tables=_groups(graph, ("table",)),
        workloads=_groups(graph, ("queue", "topic")),
        findings=_findings(sketches),
    )


def _entries(parts: Iterable[Part], kind: str) -> Iterable[Entry]:
    for part in parts:
        if part.kind == kind and part.spot is not None:
            yield Entry(part.label, part.spot, part.detail, part.findings)


def _by_path(entry: Entry) -> tuple[str, str]:
    method, _, path = entry.label.partition(" ")
    return path, method


def _groups(graph: Graph, kinds: tuple[str, ...]) -> tuple[Group, ...]:
    """Each store with those at its ends."""
    ends: dict[str, list[tuple[Edge, str]]] = defaultdict(list)
    for edge in graph.edges.values():
        ends[edge.target].append((edge, edge.source))
        ends[edge.source].append((edge, edge.target))
    found: list[Group] = []
    for part in graph.parts.values():
        if part.kind in kinds:
            entries = [_end(graph.parts[other], edge) for edge, other in ends[part.id]]
            if part.spot is not None:
                entries.insert(0, Entry("defined here", part.spot))
            known = tuple(one for one in entries if one is not None)
            found.append(Group(part.label, known, _uses(len(ends[part.id]))))
    return tuple(sorted(found, key=lambda group: group.label))


def _end(part: Part, edge: Edge) -> Entry | None:
    if part.spot is None:
        return None
    return Entry(part.label, part.spot, edge.how or part.detail, part.findings)


def _uses(number: int) -> str:
    return f"{number} {'use' if number == 1 else 'uses'}"


def _findings(sketches: Sequence[Sketch]) -> tuple[Group, ...]:
    by_area: dict[str, list[Entry]] = defaultdict(list)
    for sketch in sketches:
        for one in sketch.found:
            by_area[one.area].append(Entry(one.message, one.spot, one.rule, 1))
    return tuple(
        Group(title, tuple(by_area[area]), str(len(by_area[area])))
        for area, title in AREAS.items()
        if area in by_area
    )
