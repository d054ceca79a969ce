"""The user's settings, as the editor has them under `backendExpert`."""

import logging
from typing import TYPE_CHECKING, Any, cast

from backend_expert.lsp.calls import Unanswered
from backend_expert.lsp.convert import uri_of
from backend_expert.workspace.personal import TABLES

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

log = logging.getLogger(__name__)

SECTION = "backendExpert"
FOLDERS = "folders"  # where the settings of each workspace folder are kept, by its path


async def fetch(door: "Door") -> None:
    """Asks the client for the settings: the general ones, and those of each workspace folder."""
    if not door.client.has("workspace.configuration"):
        return
    roots = door.documents.roots
    items = [{"section": SECTION}, *({"scopeUri": uri_of(r), "section": SECTION} for r in roots)]
    try:
        answer = await door.ask("workspace/configuration", {"items": items})
    except Unanswered:
        return
    if not isinstance(answer, list) or len(cast("list[Any]", answer)) != len(items):
        log.warning("the client's settings are no list of %d; the old ones stay", len(items))
        return
    general, *folders = (table(value) for value in cast("list[Any]", answer))
    own = {root: table for root, table in zip(roots, folders, strict=True) if table != general}
    take(door, {**general, FOLDERS: own} if own else general)


def take(door: "Door", settings: dict[str, Any]) -> None:
    """Makes `settings` the present ones, and has everything looked at anew if they differ."""
    if dict(door.snapshot().settings) != settings and (settings or door.snapshot().settings):
        door.documents.set_settings(settings)
        door.refresh()


def divided(options: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The start options: the user's own tables (`model`), and the settings of files.

    Only here are the user's own taken from an editor: what it answers later, it may have from a
    file of the workspace.
    """
    own = {key: value for key, value in options.items() if key in TABLES}
    return own, {key: value for key, value in options.items() if key not in TABLES}


def section_of(params: Any) -> dict[str, Any]:
    """Our section of what a `didChangeConfiguration` carries."""
    settings = table(table(params).get("settings"))
    return table(settings.get(SECTION, settings))


def table(value: Any) -> dict[str, Any]:
    """A value if it is an object, else an empty one: what a client sends may be anything."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
