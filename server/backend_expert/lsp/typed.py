"""Our shapes as lsprotocol's types, as far as the client understands them."""

from functools import cache
from typing import Any

from cattrs import Converter
from lsprotocol import converters, types

from backend_expert.ide import types as ide
from backend_expert.ide.actions import resolve
from backend_expert.lsp.apply import workspace_edit
from backend_expert.lsp.capabilities import Client, resolves_edits
from backend_expert.lsp.convert import lsp_position
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Snapshot


@cache
def _converter() -> Converter:
    return converters.get_converter()


def range_of(client: Client, document: Document, span: Span) -> types.Range:
    """A span as a range."""
    encoding = client.encoding
    return types.Range(
        start=types.Position(**lsp_position(document, span.start, encoding)),
        end=types.Position(**lsp_position(document, span.end, encoding)),
    )


def hover(client: Client, document: Document, answer: ide.Hover, more: str = "") -> types.Hover:
    """A hover with `more` beneath it; plain text for a client that shows no Markdown."""
    markdown = client.lists("textDocument.hover.contentFormat", "markdown")
    beneath = f"\n\n---\n\n{more}" if more else ""
    kind = types.MarkupKind.Markdown if markdown else types.MarkupKind.PlainText
    return types.Hover(
        contents=types.MarkupContent(kind=kind, value=answer.markdown + beneath),
        range=range_of(client, document, answer.span),
    )


def command(what: ide.Command) -> types.Command:
    """A command."""
    return types.Command(
        title=what.title, command=what.command, arguments=list(what.arguments) or None
    )


def action(
    client: Client, snapshot: Snapshot, offered: ide.Action, context: types.CodeActionContext
) -> types.CodeAction | types.Command:
    """An action; a plain command for a client that knows no action literals."""
    if not client.has("textDocument.codeAction.codeActionLiteralSupport"):
        if offered.command is not None:
            return command(offered.command)
        arguments = (offered.id, offered.title)
        return command(ide.Command(offered.title, "backendExpert.applyAction", arguments))
    mended = [told for told in context.diagnostics if told.code in offered.rules]
    made = types.CodeAction(title=offered.title, kind=offered.kind, diagnostics=mended or None)
    if offered.is_preferred and client.has("textDocument.codeAction.isPreferredSupport"):
        made.is_preferred = True
    if offered.by_model and client.has("textDocument.codeAction.tagSupport"):
        made.tags = [types.CodeActionTag.LlmGenerated]
    if offered.command is not None:
        made.command = command(offered.command)
    elif resolves_edits(client):
        made.data = {"id": offered.id}
    else:
        made.edit = edit(client, snapshot, resolve(snapshot, offered.id), offered.title)
    return made


def edit(
    client: Client, snapshot: Snapshot, edits: tuple[ide.FileEdit, ...], label: str
) -> types.WorkspaceEdit:
    """Edits as a workspace edit. Raises `Stale` when they do not fit the text any more."""
    plain: dict[str, Any] = workspace_edit(client, snapshot, edits, label, confirm=False)
    return _converter().structure(plain, types.WorkspaceEdit)


def lens(client: Client, document: Document, shown: ide.Lens) -> types.CodeLens:
    """A code lens."""
    return types.CodeLens(
        range=range_of(client, document, shown.span), command=command(shown.command)
    )


def symbol(client: Client, document: Document, shown: ide.Symbol) -> types.DocumentSymbol:
    """A symbol with those beneath it."""
    return types.DocumentSymbol(
        name=shown.name,
        detail=shown.detail or None,
        kind=types.SymbolKind[shown.kind.capitalize()],
        range=range_of(client, document, shown.span),
        selection_range=range_of(client, document, shown.name_span),
        children=[symbol(client, document, child) for child in shown.children] or None,
    )


def flat_symbols(
    client: Client, document: Document, shown: list[ide.Symbol]
) -> list[types.SymbolInformation]:
    """Symbols without their tree, for a client that shows none."""
    flat: list[types.SymbolInformation] = []
    for one in shown:
        where = types.Location(uri=document.uri, range=range_of(client, document, one.span))
        kind = types.SymbolKind[one.kind.capitalize()]
        flat.append(types.SymbolInformation(location=where, name=one.name, kind=kind))
        flat += flat_symbols(client, document, list(one.children))
    return flat
