"""What server and clients say beyond LSP is what the list says, on both sides."""

import re
from pathlib import Path

import msgspec
import pytest
from backend_expert.lsp.beyond import shapes
from backend_expert.lsp.beyond.messages import MESSAGES
from backend_expert.lsp.commands import COMMANDS

from tests.support.tools import PACKAGE, ROOT, tool

protocol_pages = tool("protocol_pages")

LISTED = {message.method for message in MESSAGES}
CLIENTS = sorted(
    path
    for path in (ROOT / "clients").rglob("*")
    if path.suffix in (".ts", ".lua", ".vim") and not {"node_modules", "dist"} & set(path.parts)
)
# A string that is wholly one message; the extension's own commands are in its manifest.
SAID = re.compile(r"""["'](backendExpert[./][A-Za-z]+)["']""")


def test_the_server_has_every_listed_command_and_no_other() -> None:
    listed = {message.method for message in MESSAGES if message.kind == "command"}
    assert set(COMMANDS) == listed


def test_what_the_server_sends_is_listed() -> None:
    sent = {
        name
        for path in PACKAGE.rglob("*.py")
        for name in SAID.findall(path.read_text("utf-8"))
        if "/" in name
    }
    assert sent <= LISTED


@pytest.mark.parametrize("path", CLIENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_client_sends_is_listed(path: Path) -> None:
    manifest = (ROOT / "clients" / "vscode" / "package.json").read_text("utf-8")
    own = set(SAID.findall(manifest)) | OWN
    assert set(SAID.findall(path.read_text("utf-8"))) <= LISTED | own


# Names in the extension that are neither messages nor commands of its palette.
OWN = {
    "backendExpert.showRule",
    "backendExpert.started",
    "backendExpert.answering",
    "backendExpert.explainRule",
}


def test_all_shapes_are_plain_json() -> None:
    for shape in protocol_pages.all_shapes():
        msgspec.json.schema(shape)
    assert shapes.Edge("a", "b").__struct_encode_fields__ == ("from", "to", "label")
