"""Every feature with typed clients: nothing that a client gets may lie outside the specification."""

import sys
from collections.abc import Callable
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from lsprotocol.converters import get_converter
from pytest_lsp import ClientServerConfig, LanguageClient, LspSpecificationWarning

from tests.support import clients

URI = "file:///a/b.fake"
DOCUMENT = types.TextDocumentIdentifier(uri=URI)
START = types.Range(types.Position(0, 0), types.Position(0, 4))
COMMAND = [sys.executable, "-m", "tests.support.fake_server"]

pytestmark = [
    pytest.mark.filterwarnings(
        f"error::{LspSpecificationWarning.__module__}.LspSpecificationWarning"
    ),
]


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=COMMAND),
    params=["emacs", "virtual"],
    scope="module",
    loop_scope="module",
)
async def client(lsp_client: LanguageClient, request: pytest.FixtureRequest):
    answer_requests(lsp_client)
    raw = clients.ALL[request.param]()
    lsp_client.raw = raw  # pyright: ignore
    capabilities = get_converter().structure(raw, types.ClientCapabilities)
    await lsp_client.initialize_session(
        types.InitializeParams(capabilities=capabilities, root_uri="file:///a")
    )
    item = types.TextDocumentItem(
        uri=URI, language_id="fake", version=1, text="TODO\ndef f():\n    1\n"
    )
    lsp_client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    yield
    await lsp_client.shutdown_session()


def answer_requests(client: LanguageClient) -> None:
    """What pytest-lsp's client does not answer by itself."""

    @client.feature(types.WORKSPACE_APPLY_EDIT)
    def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        return types.ApplyWorkspaceEditResult(applied=True)

    @client.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)
    def choose(params: types.ShowMessageRequestParams) -> types.MessageActionItem:
        return types.MessageActionItem(title="Apply")

    @client.feature(types.WORKSPACE_TEXT_DOCUMENT_CONTENT_REFRESH)
    def refresh(params: Any) -> None:
        return None

    for method in (types.CLIENT_REGISTER_CAPABILITY, types.WORKSPACE_CODE_LENS_REFRESH):
        if method not in client.protocol.fm.features:
            client.feature(method)(refresh_of(method))


def refresh_of(method: str) -> Callable[[Any], None]:
    return lambda params: None


async def test_diagnostics(client: LanguageClient) -> None:
    if "diagnostic" in client.raw["textDocument"]:  # pyright: ignore
        params = types.DocumentDiagnosticParams(text_document=DOCUMENT)
        report = await client.text_document_diagnostic_async(params)
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        found = report.items
    else:
        if URI not in client.diagnostics:
            await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        found = client.diagnostics[URI]
    assert [diagnostic.message.partition("\n")[0] for diagnostic in found] == ["a TODO is left"]
    assert found[0].range == START


async def test_hover(client: LanguageClient) -> None:
    params = types.HoverParams(text_document=DOCUMENT, position=types.Position(1, 0))
    answer = await client.text_document_hover_async(params)
    assert answer and isinstance(answer.contents, types.MarkupContent)
    assert answer.contents.value == "**piece 1**"
    assert answer.range == types.Range(types.Position(1, 0), types.Position(3, 0))
    params.text_document = types.TextDocumentIdentifier(uri="file:///none")
    assert await client.text_document_hover_async(params) is None


async def test_code_actions_and_their_edits(client: LanguageClient) -> None:
    told = types.Diagnostic(range=START, message="a TODO is left", code="quality/todo")
    context = types.CodeActionContext(diagnostics=[told])
    params = types.CodeActionParams(text_document=DOCUMENT, range=START, context=context)
    fix, ask = await client.text_document_code_action_async(params) or ()
    assert isinstance(fix, types.CodeAction)
    assert (fix.title, fix.kind) == ("Remove it", types.CodeActionKind.QuickFix)
    assert fix.is_preferred and fix.diagnostics and fix.diagnostics[0].code == "quality/todo"
    # lsprotocol takes an action with a command for a bare command; test_actions looks at the JSON.
    assert ask.title == "Ask backend expert"
    if fix.edit is None:
        fix = await client.code_action_resolve_async(fix)
    edit = get_converter().unstructure(fix.edit)
    (change,) = edit.get("documentChanges") or [{"edits": edit["changes"][URI]}]
    assert [part["newText"] for part in change["edits"]] == ["done"]
    context.only = [types.CodeActionKind.QuickFix]
    assert len(await client.text_document_code_action_async(params) or ()) == 1


async def test_code_lenses(client: LanguageClient) -> None:
    (lens,) = await client.text_document_code_lens_async(types.CodeLensParams(DOCUMENT)) or ()
    assert lens.command and lens.command.title == "1 finding · ask"


async def test_document_symbols(client: LanguageClient) -> None:
    found = (
        await client.text_document_document_symbol_async(types.DocumentSymbolParams(DOCUMENT)) or []
    )
    names = [symbol.name for symbol in found]
    if isinstance(found[0], types.DocumentSymbol):
        assert names == ["GET /users"]
        assert found[0].children and found[0].children[0].kind == types.SymbolKind.Event
    else:
        assert names == ["GET /users", "SELECT users"]


async def test_asking_and_the_proposed_edit(client: LanguageClient) -> None:
    request = {"uri": URI, "task": "explain", "words": "rewrite"}
    params = types.ExecuteCommandParams(command="backendExpert.ask", arguments=[request])
    result = await client.workspace_execute_command_async(params)
    text = result["text"] if isinstance(result, dict) else result.text  # pyright: ignore
    assert text.startswith("part 0")


async def test_the_workspace(client: LanguageClient) -> None:
    params = types.WorkspaceDiagnosticParams(previous_result_ids=[])
    report = await client.workspace_diagnostic_async(params)
    assert [item.uri for item in report.items] == [URI]


async def test_saving_and_tracing(client: LanguageClient) -> None:
    client.text_document_did_save(types.DidSaveTextDocumentParams(text_document=DOCUMENT))
    client.protocol.notify(types.SET_TRACE, types.SetTraceParams(value=types.TraceValue.Messages))
    await test_code_lenses(client)
