"""What editors say they can do: recorded capabilities, brought up to what editors.md measured."""

import copy
import json
from importlib import resources
from typing import Any


def _recorded(name: str) -> dict[str, Any]:
    text = (resources.files("pytest_lsp") / "clients" / name).read_text(encoding="utf-8")
    record = json.loads(text)
    return record.get("capabilities", record)


def extended(record: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """A client that can more (or, with None, less)."""
    record = copy.deepcopy(record)
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(record.get(name), dict):
            record[name] = extended(record[name], value)
        else:
            record[name] = value
    return record


def vscode() -> dict[str, Any]:
    """VS Code 1.100 with vscode-languageclient 9: UTF-16, pulls diagnostics."""
    return extended(
        _recorded("visual_studio_code_v1.65.2.json"),
        {
            "general": {"positionEncodings": ["utf-16"]},
            "workspace": {"diagnostics": {"refreshSupport": True}},
            "textDocument": {"diagnostic": {"dynamicRegistration": True, "relatedDocumentSupport": False}},
        },
    )  # fmt: skip


def neovim() -> dict[str, Any]:
    """Neovim 0.12: names UTF-8 first, pulls diagnostics."""
    return extended(
        _recorded("neovim_v0.11.0.json"),
        {
            "general": {"positionEncodings": ["utf-8", "utf-16", "utf-32"]},
            "textDocument": {"diagnostic": {"dynamicRegistration": False}},
        },
    )


def emacs() -> dict[str, Any]:
    """Emacs 29 with eglot: UTF-32 first, no pull, so diagnostics are pushed."""
    record = extended(
        _recorded("emacs_v29.1.json"),
        {"general": {"positionEncodings": ["utf-32", "utf-8", "utf-16"]}},
    )
    record["textDocument"].pop("diagnostic", None)
    return record


def virtual() -> dict[str, Any]:
    """A client of LSP 3.18 that shows virtual documents and annotated edits."""
    return extended(
        vscode(),
        {
            "workspace": {
                "textDocumentContent": {"dynamicRegistration": True},
                "workspaceEdit": {
                    "documentChanges": True,
                    "changeAnnotationSupport": {"groupsOnLabel": True},
                },
            },
            "textDocument": {"codeAction": {"tagSupport": {"valueSet": [1]}}},
            "window": {"showDocument": {"support": True}, "workDoneProgress": True},
        },
    )


def bare() -> dict[str, Any]:
    """A client that can nothing."""
    return {}


ALL = {"vscode": vscode, "neovim": neovim, "emacs": emacs, "virtual": virtual, "bare": bare}
