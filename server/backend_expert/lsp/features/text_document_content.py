"""The text of an answer, for a client that shows virtual documents."""

from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from backend_expert.lsp.answers.documents import text_of

if TYPE_CHECKING:
    from backend_expert.lsp.server import ExpertServer


def handle(
    ls: "ExpertServer", params: types.TextDocumentContentParams
) -> types.TextDocumentContentResult:
    text = text_of(params.uri)
    if text is None:
        raise JsonRpcInvalidParams(f"There is no answer {params.uri} any more.")
    return types.TextDocumentContentResult(text=text)
