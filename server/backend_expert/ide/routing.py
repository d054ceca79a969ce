"""Routing: a document's endpoints with the prefixes and guards that other files give them."""

import asyncio
from collections.abc import Callable
from typing import cast

from backend_expert.facts.endpoint import Endpoint
from backend_expert.flow.endpoints import routes_of
from backend_expert.ide.desk import checked_uri, scopes_of
from backend_expert.lint.checked import Checked
from backend_expert.technologies.catalogue import family
from backend_expert.workspace.documents import Snapshot
from backend_expert.workspace.files import files_below
from backend_expert.workspace.mounting import Mounting, Said, said_of

LATER = "later"  # in `lasting`: takes a `Mounting` whose files are still to be looked at
_CODE = ("python", "javascript")


def endpoints_in(snapshot: Snapshot, checked: Checked) -> tuple[Endpoint, ...]:
    """A document's endpoints, in the order of `CodeFile.endpoints`.

    They are as the file alone tells while the project's other files are still being looked at.
    """
    file, path = checked.file, checked.document.path
    if path is None or all(endpoint.is_complete for endpoint in file.endpoints):
        return file.endpoints
    mounting = _mounting(snapshot, checked)
    if not mounting.is_ready:
        later = snapshot.lasting.get(LATER)
        if later is not None:
            cast("Callable[[Mounting], None]", later)(mounting)
            return file.endpoints
        mounting.finish()
    open_files = {
        document.path: said_of(document)
        for document in snapshot.documents.values()
        if document.path and not document.skipped and family(document.language) in _CODE
    }
    mine = open_files.get(path)
    imports = mine.imports if mine is not None else {}
    open_files[path] = Said(routes_of(file.flow), imports)
    return mounting.routing(open_files).endpoints(path) or file.endpoints


async def found(snapshot: Snapshot, uri: str) -> None:
    """Looks at the files that may say more of a document's endpoints, giving way to others."""
    checked = checked_uri(snapshot, uri)
    if checked is not None and not all(one.is_complete for one in checked.file.endpoints):
        mounting = _mounting(snapshot, checked)
        while mounting.step():
            await asyncio.sleep(0)


def changed(snapshot: Snapshot, path: str) -> bool:
    """Tells of a file that changed on disk; whether endpoints of other files may be others now."""
    known = cast("dict[str, Mounting]", snapshot.lasting.get("mounting") or {})
    mine = [mounting for root, mounting in known.items() if path.startswith(root)]
    for mounting in mine:
        mounting.forget(path)
    return bool(mine)


def _mounting(snapshot: Snapshot, checked: Checked) -> Mounting:
    """What is known of the project's mounts; the same until files come or go."""
    root = checked.scope.project.root
    known = cast("dict[str, Mounting]", snapshot.lasting.setdefault("mounting", {}))
    if root not in known:
        excludes = scopes_of(snapshot).excludes
        known[root] = Mounting(root, lambda: files_below(root, excludes))
    return known[root]
