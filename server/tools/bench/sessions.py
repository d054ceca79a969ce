"""The clients that the bench plays: one that asks for diagnostics, one that has them pushed."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from backend_expert.lsp.client import Session

PULL: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "diagnostic": {"relatedDocumentSupport": False},
        "publishDiagnostics": {"relatedInformation": True},
        "hover": {"contentFormat": ["markdown"]},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
    },
}
PUSH: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {"publishDiagnostics": {"versionSupport": True}},
}
OURS = (sys.executable, "-m", "backend_expert.cli", "serve")


async def settle(session: Session, uri: str) -> None:
    """Lets a server finish what it does after its start, as it has when a person begins to type."""
    place = {"line": 0, "character": 0}
    await session.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": place})
    await asyncio.sleep(1)


def resident(pid: int) -> float:
    """Resident memory of a process in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
