"""`backendExpert.map`: the workspace's service as a graph."""

import os
from typing import TYPE_CHECKING, Any

from backend_expert.ide.service.graph import Graph
from backend_expert.lsp.survey import place_of
from backend_expert.lsp.wire import Raw, encode

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.lsp.tasks import Token


async def handle(door: "Door", arguments: Any, token: "Token | None") -> Any:
    graph = Graph(await door.survey.sketches())
    nodes = [
        {
            "id": part.id,
            "kind": part.kind,
            "label": part.label,
            "detail": part.detail,
            "findings": part.findings,
            "group": os.path.basename(part.group),
            **(place_of(part.spot) if part.spot is not None else {}),
        }
        for part in graph.parts.values()
    ]
    edges = [
        {"from": edge.source, "to": edge.target, "label": edge.how} for edge in graph.edges.values()
    ]
    return Raw(encode({"nodes": nodes, "edges": edges}))
