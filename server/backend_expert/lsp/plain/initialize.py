"""Start: the client says what it can do, and learns what we offer."""

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import msgspec

from backend_expert.ide import diagnostics
from backend_expert.lsp import errors, settings
from backend_expert.lsp.capabilities import Client, server_capabilities, server_info
from backend_expert.lsp.convert import path_of
from backend_expert.lsp.errors import Refusal
from backend_expert.lsp.fragments import Shape

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

log = logging.getLogger(__name__)


class Folder(msgspec.Struct):
    """A workspace folder."""

    uri: str
    name: str = ""


class Params(msgspec.Struct, rename="camel"):
    """What we read of the client's first words."""

    capabilities: dict[str, Any] = {}
    workspace_folders: list[Folder] | None = None
    root_uri: str | None = None
    root_path: str | None = None
    initialization_options: Any = None
    trace: str | None = None


def handle(door: "Door", params: Any) -> dict[str, Any]:
    if door.is_initialized:
        raise Refusal(errors.INVALID_REQUEST, "The session is initialized already.")
    start = msgspec.convert(params if params is not None else {}, Params)
    door.client = Client(start.capabilities)
    door.is_initialized = True
    door.trace = start.trace or "off"
    door.reports.start(Shape.of(door.client))
    door.documents.set_roots(_roots(start))
    door.personal, shared = settings.divided(settings.table(start.initialization_options))
    door.documents.set_settings(shared)
    # The answer goes out first; then, while the client gets ready, all that a check needs is read.
    asyncio.get_running_loop().call_soon(_prepare, door)
    return {"capabilities": server_capabilities(door.client), "serverInfo": server_info()}


def _roots(start: Params) -> tuple[str, ...]:
    uris = [folder.uri for folder in start.workspace_folders or ()]
    if not uris and start.root_uri:
        uris = [start.root_uri]
    paths = [path for uri in uris if (path := path_of(uri)) is not None]
    if not uris and start.root_path:
        paths = [start.root_path]
    return tuple(dict.fromkeys(paths))


def _prepare(door: "Door") -> None:
    try:
        door.trouble.rules_broken(diagnostics.prepare(door.snapshot()))
    except Exception as error:
        door.failed("reading the rules and the project", error)
