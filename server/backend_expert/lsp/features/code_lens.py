"""Code lenses: a line above endpoints and queries, with what is known of them."""

from typing import TYPE_CHECKING

from lsprotocol import types

from backend_expert.ide.lenses import lenses
from backend_expert.lsp import typed

if TYPE_CHECKING:
    from backend_expert.lsp.server import ExpertServer


def handle(ls: "ExpertServer", params: types.CodeLensParams) -> list[types.CodeLens]:
    snapshot = ls.snapshot()
    document = snapshot.document(params.text_document.uri)
    if document is None:
        return []
    found = lenses(snapshot, params.text_document.uri)
    return [typed.lens(ls.client, document, lens) for lens in found]
