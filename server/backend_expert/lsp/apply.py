"""Applying edits: only to the version that they were made for, and after the person's yes."""

import logging
from typing import TYPE_CHECKING, Any, cast

from backend_expert.ide.types import FileEdit, Proposal
from backend_expert.lsp.calls import A_PERSON, Unanswered
from backend_expert.lsp.convert import absolute_range
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Snapshot

if TYPE_CHECKING:
    from backend_expert.lsp.capabilities import Client
    from backend_expert.lsp.door import Door

log = logging.getLogger(__name__)

ANNOTATION = "backend-expert"
ANNOTATIONS = "workspace.workspaceEdit.changeAnnotationSupport"
VERSIONS = "workspace.workspaceEdit.documentChanges"
APPLY = "Apply"


class Stale(Exception):
    """The text has changed since the edit was made."""


def workspace_edit(
    client: "Client", snapshot: Snapshot, edits: tuple[FileEdit, ...], label: str, confirm: bool
) -> dict[str, Any]:
    """Edits as LSP's WorkspaceEdit, as far as the client understands it.

    Raises:
        Stale: a file has another version by now, or is not open.
    """
    versioned = client.has(VERSIONS)
    noted = versioned and confirm and client.has(ANNOTATIONS)
    whole: dict[str, Any] = {"documentChanges": []} if versioned else {"changes": {}}
    if noted:
        annotation = {"label": label, "needsConfirmation": True}
        whole["changeAnnotations"] = {ANNOTATION: annotation}
    for file in edits:
        document = _present(snapshot, file)
        changes = [
            {
                "range": absolute_range(document, edit.span, client.encoding),
                "newText": edit.text,
                **({"annotationId": ANNOTATION} if noted else {}),
            }
            for edit in file.edits
        ]
        if versioned:
            name = {"uri": file.uri, "version": file.version}
            whole["documentChanges"].append({"textDocument": name, "edits": changes})
        else:
            whole["changes"].setdefault(file.uri, []).extend(changes)
    return whole


def _present(snapshot: Snapshot, file: FileEdit) -> Document:
    document = snapshot.document(file.uri)
    if document is None:
        raise Stale(f"{file.uri} is not open any more, so the edit was not made.")
    if file.version is not None and file.version != document.version:
        raise Stale(f"{file.uri} has changed since the edit was made, so it was not made.")
    return document


def is_overtaken(snapshot: Snapshot, file: FileEdit) -> bool:
    """Whether an edit is for an earlier version of a file that is still open."""
    document = snapshot.document(file.uri)
    return document is not None and document.version != file.version


async def confirmed(door: "Door", proposal: Proposal) -> bool:
    """Whether a person wants a proposal: asked here, where the client cannot ask at each edit."""
    if door.client.has(ANNOTATIONS) and door.client.has(VERSIONS):
        return True
    words = f"Backend Expert proposes: {proposal.title}. The answer shows it as a diff. Apply it?"
    actions = [{"title": APPLY}, {"title": "Not now"}]
    params = {"type": 3, "message": words, "actions": actions}
    try:
        answer = await door.ask("window/showMessageRequest", params, A_PERSON)
    except Unanswered:
        return False
    return isinstance(answer, dict) and cast("dict[str, Any]", answer).get("title") == APPLY


async def apply(
    door: "Door", edits: tuple[FileEdit, ...], label: str, confirm: bool = True
) -> bool:
    """Has the client make the edits; False when it did not, which the person is then told."""
    try:
        if not edits:
            raise Stale("The text has changed since this was offered, so nothing was changed.")
        edit = workspace_edit(door.client, door.snapshot(), edits, label, confirm)
        if not door.client.has("workspace.applyEdit"):
            raise Stale("This editor does not take edits from a server.")
        patience = A_PERSON if "changeAnnotations" in edit else 30.0
        answer = await door.ask("workspace/applyEdit", {"label": label, "edit": edit}, patience)
    except Stale as error:
        log.info("%s", error)
        door.notify("window/showMessage", {"type": 2, "message": f"Backend Expert: {error}"})
        return False
    except Unanswered:
        return False
    applied = bool(answer.get("applied")) if isinstance(answer, dict) else False  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    if not applied:
        log.info("the client did not apply %r: %s", label, answer)  # pyright: ignore[reportUnknownArgumentType]
    return applied
