"""Showing an answer as the client can: in its own view, as a virtual document, or as a file."""

from typing import TYPE_CHECKING

from backend_expert.lsp.answers.client import ClientAnswer
from backend_expert.lsp.answers.documents import name_of
from backend_expert.lsp.answers.file import FileAnswer
from backend_expert.lsp.answers.virtual import VirtualAnswer

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

Answer = ClientAnswer | VirtualAnswer | FileAnswer


def answer_for(door: "Door", id: str, title: str) -> Answer:
    """An answer on its way to the person: `open`, `add` parts as they come, then `finish`."""
    if door.client.has("experimental.backendExpert.answers"):
        return ClientAnswer(door, id, title)
    if door.client.has("workspace.textDocumentContent"):
        return VirtualAnswer(door, name_of(title))
    return FileAnswer(door, name_of(title))
