"""What the door answers itself from plain JSON, without pygls: the start, texts, diagnostics."""

from backend_expert.lsp.door import Handler
from backend_expert.lsp.plain import (
    completion,
    configuration,
    diagnostic,
    did_change,
    did_close,
    did_open,
    did_save,
    initialize,
    initialized,
    progress_cancel,
    shutdown,
    trace,
    watched_files,
    workspace_folders,
)

PLAIN: dict[str, Handler] = {
    "initialize": initialize.handle,
    "initialized": initialized.handle,
    "shutdown": shutdown.handle,
    "textDocument/didOpen": did_open.handle,
    "textDocument/didChange": did_change.handle,
    "textDocument/didClose": did_close.handle,
    "textDocument/didSave": did_save.handle,
    "textDocument/diagnostic": diagnostic.handle,
    "workspace/didChangeConfiguration": configuration.handle,
    "workspace/didChangeWatchedFiles": watched_files.handle,
    "workspace/didChangeWorkspaceFolders": workspace_folders.handle,
    "window/workDoneProgress/cancel": progress_cancel.handle,
    "backendExpert/completion": completion.handle,
    "$/setTrace": trace.handle,
}
