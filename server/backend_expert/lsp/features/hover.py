"""Hover: the query, finding or endpoint under the cursor, in plain words."""

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from lsprotocol import types

from backend_expert.ide.hover import hover
from backend_expert.lsp import typed
from backend_expert.lsp.convert import offset_of
from backend_expert.text.span import Span

LINKS = "experimental.backendExpert.links"

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
    if words:
        more = f"**Backend expert:** {words}"
    else:
        more = ask_link(uri, answer.span) if ls.client.has(LINKS) else ""
    return typed.hover(ls.client, document, answer, more)


def ask_link(uri: str, span: Span) -> str:
    """A link that has the expert explain what a hover speaks of."""
    request = {"uri": uri, "task": "explain", "span": [span.start, span.end]}
    return f"[Ask backend expert](command:backendExpert.ask?{quote(json.dumps([request]))})"
