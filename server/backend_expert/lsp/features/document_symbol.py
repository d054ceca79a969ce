"""Document symbols: endpoints and queries in the outline."""

from typing import TYPE_CHECKING

from lsprotocol import types

from backend_expert.ide.symbols import symbols
from backend_expert.lsp import typed

if TYPE_CHECKING:
    from backend_expert.lsp.server import ExpertServer


def handle(
    ls: "ExpertServer", params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
    snapshot = ls.snapshot()
    document = snapshot.document(params.text_document.uri)
    if document is None:
        return []
    found = symbols(snapshot, params.text_document.uri)
    if ls.client.has("textDocument.documentSymbol.hierarchicalDocumentSymbolSupport"):
        return [typed.symbol(ls.client, document, symbol) for symbol in found]
    return typed.flat_symbols(ls.client, document, found)
