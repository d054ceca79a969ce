"""A whole scripted session of the real server with each editor: nothing outside the specification."""

from typing import Any

import pytest
import pytest_lsp
from backend_expert.lsp.client import COMMAND
from lsprotocol import types
from lsprotocol.converters import get_converter
from pytest_lsp import ClientServerConfig, LanguageClient, LspSpecificationWarning

from tests.lsp.test_features import answer_requests
from tests.support import clients
from tests.support.editor import SHOP

pytestmark = [
    pytest.mark.filterwarnings(
        f"error::{LspSpecificationWarning.__module__}.LspSpecificationWarning"
    ),
]
FILES = [
    "api/shop/routers/products.py",
    "notifications/src/auth.js",
    "api/migrations/0003_events.sql",
]
LANGUAGES = {"py": "python", "js": "javascript", "sql": "sql"}
PULL = "diagnostic"


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=list(COMMAND)),
    params=["vscode", "neovim", "emacs", "virtual"],
    scope="module",
)
async def client(lsp_client: LanguageClient, request: pytest.FixtureRequest):
    answer_requests(lsp_client)
    raw = clients.ALL[request.param]()
    lsp_client.raw = raw  # pyright: ignore
    capabilities = get_converter().structure(raw, types.ClientCapabilities)
    folder = types.WorkspaceFolder(uri=SHOP.as_uri(), name="shop")
    await lsp_client.initialize_session(
        types.InitializeParams(capabilities=capabilities, workspace_folders=[folder])
    )
    yield
    await lsp_client.shutdown_session()


def opened(client: LanguageClient, name: str) -> types.TextDocumentIdentifier:
    path = SHOP / name
    uri = path.as_uri()
    item = types.TextDocumentItem(
        uri=uri,
        language_id=LANGUAGES[name.rpartition(".")[2]],
        version=1,
        text=path.read_text("utf-8"),
    )
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    return types.TextDocumentIdentifier(uri=uri)


async def diagnostics(client: LanguageClient, document: types.TextDocumentIdentifier) -> list[Any]:
    if PULL in client.raw["textDocument"]:  # pyright: ignore
        params = types.DocumentDiagnosticParams(text_document=document)
        report = await client.text_document_diagnostic_async(params)
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        return list(report.items)
    while document.uri not in client.diagnostics:
        await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return list(client.diagnostics[document.uri])


@pytest.mark.parametrize("name", FILES)
async def test_a_session(client: LanguageClient, name: str) -> None:
    document = opened(client, name)
    found = await diagnostics(client, document)
    assert found
    for one in found:
        params = types.HoverParams(text_document=document, position=one.range.start)
        hover = await client.text_document_hover_async(params)
        assert hover and hover.range
        context = types.CodeActionContext(diagnostics=[one])
        asked = types.CodeActionParams(document, one.range, context)
        for action in await client.text_document_code_action_async(asked) or ():
            if isinstance(action, types.CodeAction) and action.data is not None:
                resolved = await client.code_action_resolve_async(action)
                assert resolved.edit
    assert await client.text_document_code_lens_async(types.CodeLensParams(document)) is not None
    symbols = types.DocumentSymbolParams(document)
    assert await client.text_document_document_symbol_async(symbols) is not None
    tasks = ("explain", "notes", "review", "tests", "rewrite") if name == FILES[0] else ()
    for task in tasks:
        request = {"uri": document.uri, "task": task}
        command = types.ExecuteCommandParams(command="backendExpert.ask", arguments=[request])
        assert await client.workspace_execute_command_async(command)
    if name == FILES[0] and client.raw["workspace"].get("textDocumentContent"):  # pyright: ignore
        known = types.WorkspaceDiagnosticParams(previous_result_ids=[])
        assert len((await client.workspace_diagnostic_async(known)).items) > 20
    client.text_document_did_save(types.DidSaveTextDocumentParams(text_document=document))
    client.text_document_did_close(types.DidCloseTextDocumentParams(text_document=document))
