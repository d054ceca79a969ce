"""A document as rules see it: its items in the light of its project."""

from collections import Counter
from collections.abc import Callable
from operator import attrgetter
from typing import cast

from backend_expert.facts.endpoint import Endpoint
from backend_expert.facts.item import Item
from backend_expert.flow.endpoints import endpoints_of, routes_in
from backend_expert.flow.file import FileFlow
from backend_expert.flow.reading import Reading
from backend_expert.flow.routes import NO_ROUTES
from backend_expert.lint.context import CodeFile
from backend_expert.lint.problem import Scope
from backend_expert.technologies.catalogue import catalogue, family
from backend_expert.workspace import kinds
from backend_expert.workspace.document import Document
from backend_expert.workspace.piece import Piece

_ITEM: Callable[[Piece], Item] = attrgetter("item")


def opened(
    document: Document,
    path: str,
    scope: Scope,
    before: CodeFile | None,
    shares: tuple[int, int] | None = None,
) -> CodeFile:
    """The file as rules see it; its flow takes over what the version before knew.

    That must be merged exactly when this version is. `shares`: how many pieces it has in common
    with this one at start and end, where neither is skipped.
    """
    speech = family(document.language)
    around = scope.neighbours.of(document.path or "")
    flow = FileFlow(
        _items(document, before, shares),
        catalogue(speech),
        around,
        before.flow if before else None,
        shares,
    )
    roles, counts = _roles(flow, before) if speech != "sql" else (frozenset[str](), Counter[str]())
    endpoints = _endpoints(flow, before) if speech != "sql" else ()
    is_migration = before.is_migration if before else kinds.is_migration(path)
    is_merged = before.is_merged if before else is_migration and is_history(document, scope)
    return CodeFile(
        path=path,
        language=document.language,
        family=speech,
        flow=flow,
        is_test=before.is_test if before else kinds.is_test(path),
        is_migration=is_migration,
        is_script=before.is_script if before else _is_script(path, flow, scope),
        is_merged=is_merged,
        dialect=scope.settings.dialect or scope.project.dialect,
        endpoints=endpoints,
        handlers=_handlers(endpoints, before),
        project=scope.project,
        roles=roles,
        role_counts=counts,
    )


def _is_script(path: str, flow: FileFlow, scope: Scope) -> bool:
    return (
        kinds.is_script(path)
        or kinds.is_command(path, scope.project.dependencies)
        or kinds.reads_commands(path, flow.imports)
    )


def _items(
    document: Document, before: CodeFile | None, shares: tuple[int, int] | None
) -> tuple[Item, ...]:
    if document.skipped:
        return ()
    pieces = document.pieces
    if before is None or shares is None:
        return tuple(map(_ITEM, pieces))
    (start, end), known = shares, before.flow.items
    fresh = map(_ITEM, pieces[start : len(pieces) - end])
    return (*known[:start], *fresh, *known[len(known) - end :])


def is_history(document: Document, scope: Scope) -> bool:
    """Whether a migration needs no check, since it is on the default branch as it stands."""
    return scope.settings.migrations == "changed" and scope.history.has(document)


def _hand_on(flow: FileFlow, before: FileFlow) -> None:
    """Keeps the table of endpoints, whose items alone have changed."""
    moved = {
        id(reading.item): item for reading, item in zip(flow.retired, flow.touched, strict=False)
    }
    kept = before.notes.get("endpoints")
    if isinstance(kept, list):
        pairs = cast("list[tuple[Item, Endpoint]]", kept)
        flow.notes["endpoints"] = [(moved.get(id(i), i), e) for i, e in pairs] if moved else pairs
    known = before.notes.get("rule routes")
    if known is not None:
        flow.notes["rule routes before"] = (known, moved)
        flow.notes["compared before"] = before.notes.get("compared")


def _roles(flow: FileFlow, before: CodeFile | None) -> tuple[frozenset[str], Counter[str]]:
    """The roles of the file's calls, and how many items have each; the same object while alike."""
    if before is None:
        counts = Counter[str]()
        for item in flow.items:
            counts.update(_roles_in(flow.reading(item)))
        return frozenset(counts), counts
    counts = before.role_counts
    for reading in flow.retired:
        counts.subtract(_roles_in(reading))
    for item in flow.touched:
        counts.update(_roles_in(flow.reading(item)))
    now = frozenset(role for role, count in counts.items() if count > 0)
    return (before.roles if now == before.roles else now), counts


def _roles_in(reading: Reading) -> frozenset[str]:
    kept = reading.notes.get("roles")
    if not isinstance(kept, frozenset):
        kept = reading.notes["roles"] = frozenset(
            meaning.role for site in reading.sites.values() for meaning in site.meanings
        )
    return kept  # pyright: ignore[reportUnknownVariableType]


def _handlers(endpoints: tuple[Endpoint, ...], before: CodeFile | None) -> frozenset[str]:
    if before is not None and endpoints is before.endpoints:
        return before.handlers
    return frozenset(endpoint.handler for endpoint in endpoints)


def _endpoints(flow: FileFlow, before: CodeFile | None) -> tuple[Endpoint, ...]:
    """The endpoints; the same object as before while they are the same."""
    if before is not None and not flow.is_reshaped:
        old = [routes_in(reading, flow.catalogue) for reading in flow.retired]
        new = [routes_in(flow.reading(item), flow.catalogue) for item in flow.touched]
        if all(part is NO_ROUTES for part in (*old, *new)) or old == new:
            _hand_on(flow, before.flow)
            return before.endpoints
    found = endpoints_of(flow)
    return before.endpoints if before is not None and found == before.endpoints else found
