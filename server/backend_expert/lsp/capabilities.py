"""Capabilities: what the client can do, and what we therefore offer. Never asks which client."""

from typing import Any, cast

import msgspec

from backend_expert import __version__
from backend_expert.lsp.commands import COMMANDS
from backend_expert.text.encoding import ENCODINGS, Encoding

ACTION_KINDS = (
    "quickfix",
    "refactor.rewrite",
    "refactor",
    "source.fixAll.backendExpert",
    "source.backendExpert",
)
ANSWERS = "backend-expert"  # the scheme of virtual documents
IDENTIFIER = "backend-expert"


class Client(msgspec.Struct, frozen=True):
    """The client's capabilities, as it sent them."""

    tree: dict[str, Any] = {}

    def get(self, path: str) -> Any:
        """What stands at a dotted path (`textDocument.hover`), or None."""
        node: Any = self.tree
        for name in path.split("."):
            if not isinstance(node, dict):
                return None
            node = cast("dict[str, Any]", node).get(name)
        return node

    def has(self, path: str) -> bool:
        """Whether something true stands at a dotted path; an empty object counts as true."""
        value = self.get(path)
        return value is not None and value is not False

    def lists(self, path: str, member: str) -> bool:
        """Whether the list at a dotted path has a member."""
        value = self.get(path)
        return isinstance(value, list) and member in value

    @property
    def encoding(self) -> Encoding:
        """The position encoding: the first that the client names and we know."""
        offered = self.get("general.positionEncodings")
        if isinstance(offered, list):
            for name in cast("list[Encoding]", offered):
                if name in ENCODINGS:
                    return name
        return "utf-16"

    @property
    def pulls(self) -> bool:
        """Whether the client asks for diagnostics itself; else they are pushed."""
        return self.has("textDocument.diagnostic")


def server_capabilities(client: Client) -> dict[str, Any]:
    """What we offer to a client."""
    offer: dict[str, Any] = {
        "positionEncoding": client.encoding,
        "textDocumentSync": {"openClose": True, "change": 2, "save": {"includeText": False}},
        "hoverProvider": True,
        "codeActionProvider": _actions(client),
        "codeLensProvider": {"resolveProvider": False},
        "documentSymbolProvider": True,
        "executeCommandProvider": {"commands": list(COMMANDS), "workDoneProgress": True},
        "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
    }
    if client.pulls:
        offer["diagnosticProvider"] = {
            "identifier": IDENTIFIER,
            "interFileDependencies": True,
            "workspaceDiagnostics": True,
        }
    if client.has("workspace.textDocumentContent"):
        offer["workspace"]["textDocumentContent"] = {"schemes": [ANSWERS]}
    return offer


def _actions(client: Client) -> bool | dict[str, Any]:
    """Options are only for clients with code action literals; older ones get a plain true."""
    if not client.has("textDocument.codeAction.codeActionLiteralSupport"):
        return True
    return {
        "codeActionKinds": list(ACTION_KINDS),
        "resolveProvider": resolves_edits(client),
    }


def resolves_edits(client: Client) -> bool:
    """Whether the client fetches an action's edits only when it is chosen."""
    return client.lists("textDocument.codeAction.resolveSupport.properties", "edit")


def server_info() -> dict[str, str]:
    """Our name and version."""
    return {"name": "backend-expert", "version": __version__}


def registrations(client: Client, globs: tuple[str, ...]) -> list[dict[str, Any]]:
    """What to register once the client is ready: watched files, changes of our settings."""
    wanted: list[dict[str, Any]] = []
    if client.has("workspace.didChangeWatchedFiles.dynamicRegistration"):
        watchers = [{"globPattern": glob} for glob in globs]
        wanted.append(_registration("workspace/didChangeWatchedFiles", {"watchers": watchers}))
    if client.has("workspace.didChangeConfiguration.dynamicRegistration"):
        wanted.append(
            _registration("workspace/didChangeConfiguration", {"section": "backendExpert"})
        )
    return wanted


def _registration(method: str, options: dict[str, Any]) -> dict[str, Any]:
    return {"id": f"backend-expert:{method}", "method": method, "registerOptions": options}
