"""Code actions: quick fixes, and the tasks that the expert can be asked."""

from typing import TYPE_CHECKING

from lsprotocol import types

from backend_expert.ide.actions import actions
from backend_expert.lsp import typed
from backend_expert.lsp.convert import offset_of
from backend_expert.persona.offers import offers
from backend_expert.text.span import Span

if TYPE_CHECKING:
    from backend_expert.lsp.server import ExpertServer


def handle(
    ls: "ExpertServer", params: types.CodeActionParams
) -> list[types.CodeAction | types.Command]:
    snapshot = ls.snapshot()
    uri = params.text_document.uri
    document = snapshot.document(uri)
    if document is None:
        return []
    first, last = params.range.start, params.range.end
    encoding = ls.client.encoding
    start = offset_of(document, first.line, first.character, encoding)
    end = offset_of(document, last.line, last.character, encoding)
    kinds = tuple(str(getattr(kind, "value", kind)) for kind in params.context.only or ())
    span = Span(min(start, end), max(start, end))
    if params.context.trigger_kind == types.CodeActionTriggerKind.Invoked:
        ls.door.asking.expect()
    offered = [
        *actions(snapshot, uri, span, kinds),
        *ls.door.asking.pending(uri, kinds),
        *offers(snapshot, uri, span, kinds),
    ]
    return [typed.action(ls.client, snapshot, action, params.context) for action in offered]
