"""Hover: the query, finding or endpoint under the cursor, in plain words."""

from typing import TYPE_CHECKING

from lsprotocol import types

from backend_expert.ide.hover import hover
from backend_expert.lsp import typed
from backend_expert.lsp.convert import offset_of

if TYPE_CHECKING:
    from backend_expert.lsp.server import ExpertServer


async def handle(ls: "ExpertServer", params: types.HoverParams) -> types.Hover | None:
    snapshot = ls.snapshot()
    uri, at = params.text_document.uri, params.position
    document = snapshot.document(uri)
    if document is None:
        return None
    offset = offset_of(document, at.line, at.character, ls.client.encoding)
    answer = hover(snapshot, uri, offset)
    if answer is None:
        return None
    words = await ls.door.asking.hover_words(snapshot, uri, offset)
    return typed.hover(ls.client, document, answer, words)
