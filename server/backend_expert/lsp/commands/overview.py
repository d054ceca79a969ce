"""`backendExpert.overview`: what the workspace's service consists of."""

from typing import TYPE_CHECKING, Any

from backend_expert.ide.service.overview import Entry, Group, overview_of
from backend_expert.lsp.survey import place_of
from backend_expert.lsp.wire import Raw, encode

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.lsp.tasks import Token


async def handle(door: "Door", arguments: Any, token: "Token | None") -> Any:
    found = overview_of(await door.survey.sketches())
    return Raw(
        encode(
            {
                "endpoints": [_entry(one) for one in found.endpoints],
                "queries": [_entry(one) for one in found.queries],
                "tables": [_group(one) for one in found.tables],
                "workloads": [_group(one) for one in found.workloads],
                "findings": [_group(one) for one in found.findings],
            }
        )
    )


def _entry(one: Entry) -> dict[str, Any]:
    plain = {"label": one.label, "detail": one.detail, "findings": one.findings}
    return plain | place_of(one.spot)


def _group(one: Group) -> dict[str, Any]:
    entries = [_entry(entry) for entry in one.entries]
    return {"label": one.label, "detail": one.detail, "entries": entries}
