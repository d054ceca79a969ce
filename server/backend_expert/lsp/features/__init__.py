"""The features that pygls serves: method to module, each with one `handle`. A closed table.

Names only, so that the table costs nothing until `server.build_server` loads the modules.
"""

FEATURES = {
    "textDocument/hover": "hover",
    "textDocument/codeAction": "code_action",
    "codeAction/resolve": "code_action_resolve",
    "textDocument/codeLens": "code_lens",
    "textDocument/documentSymbol": "document_symbol",
    "workspace/diagnostic": "workspace_diagnostics",
    "workspace/executeCommand": "execute_command",
    "workspace/textDocumentContent": "text_document_content",
}
