"""Bad input: each gets one clear answer or log line, and the session goes on."""

import asyncio
import sys

import pytest
from backend_expert.lsp.client import Failed, Session
from backend_expert.lsp.wire import framed

from tests.lsp.conftest import COMMAND
from tests.support import clients

URI = "file:///a/b.fake"


async def check_alive(session: Session) -> None:
    session.open("untitled:alive", "TODO\n", "fake")
    assert len((await session.pull("untitled:alive"))["items"]) == 1


NO_JSON = [b"{", b"\xff\xfe", b"[" * 100_000]
NO_RPC = [b"[]", b"7", b'{"id":1,"method":"x"}', b'{"jsonrpc":"2.0","id":1,"method":5}']
NO_RPC += [b'{"jsonrpc":"2.0","id":{},"method":"x"}', b'{"jsonrpc":"2.0","id":null,"method":"x"}']


@pytest.mark.parametrize(
    ("body", "code"), [*((body, -32700) for body in NO_JSON), *((body, -32600) for body in NO_RPC)]
)
async def test_malformed_messages(running: Session, body: bytes, code: int) -> None:
    running.send_bytes(framed(body))
    await running.until(lambda: running.stray)
    assert running.stray[0]["error"]["code"] == code
    await check_alive(running)


async def test_garbage_between_messages(running: Session) -> None:
    running.send_bytes(b"some garbage\r\n\r\n")
    await check_alive(running)


async def test_answers_that_nobody_asked_for(running: Session) -> None:
    running.send_bytes(framed(b'{"jsonrpc":"2.0","id":"no","result":null}'))
    running.send_bytes(framed(b'{"jsonrpc":"2.0","id":77,"error":{"code":1,"message":"x"}}'))
    await check_alive(running)


async def test_unknown_methods(running: Session) -> None:
    running.notify("$/unheardOf", {})
    running.notify("textDocument/unheardOf", {})
    with pytest.raises(Failed, match="-32601"):
        await running.request("textDocument/unheardOf", {})
    with pytest.raises(Failed, match="There is no command x"):
        await running.request("workspace/executeCommand", {"command": "x"})


REQUESTS = ["textDocument/diagnostic", "textDocument/hover", "textDocument/codeAction"]
REQUESTS += ["workspace/executeCommand", "textDocument/codeLens", "workspace/diagnostic"]


@pytest.mark.parametrize("method", REQUESTS)
async def test_wrong_parameters(running: Session, method: str) -> None:
    for params in (None, {}, [], {"textDocument": 7}, "x"):
        with pytest.raises(Failed) as failed:
            await running.request(method, params)
        assert failed.value.code in (-32602, -32603)
    await check_alive(running)


@pytest.mark.parametrize("method", ["didOpen", "didChange", "didClose"])
async def test_broken_notifications(running: Session, method: str) -> None:
    for params in (None, {}, {"textDocument": {"uri": 7}}, {"contentChanges": [{"range": 1}]}):
        running.notify(f"textDocument/{method}", params)
    await check_alive(running)


async def test_changes_of_what_is_not_open_and_versions_out_of_order(running: Session) -> None:
    running.type_in("file:///none", 2, 0, 0, "x")
    running.notify("textDocument/didClose", {"textDocument": {"uri": "file:///none"}})
    running.open(URI, "TODO\n", "fake", 5)
    running.type_in(URI, 9, 0, 0, "\n")
    running.type_in(URI, 7, 0, 0, "\n")
    assert (await running.pull(URI))["items"][0]["range"]["start"]["line"] == 2
    running.open(URI, "\nTODO\n", "fake", 1)
    assert (await running.pull(URI))["items"][0]["range"]["start"]["line"] == 1


async def test_places_outside_the_text(running: Session) -> None:
    running.open(URI, "TODO\n", "fake")
    running.type_in(URI, 2, 99, 99, "x")
    running.type_in(URI, 3, 0, 9_999, "y")
    far = {"textDocument": {"uri": URI}, "position": {"line": 99, "character": 99}}
    assert await running.request("textDocument/hover", far)
    assert len((await running.pull(URI))["items"]) == 1


async def test_lone_surrogates_in_the_text(running: Session) -> None:
    body = b'{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":'
    body += b'{"uri":"file:///a/b.fake","languageId":"fake","version":1,"text":"\\ud800 TODO"}}}'
    running.send_bytes(framed(body))
    assert (await running.pull(URI))["items"][0]["range"]["start"]["character"] == 2


async def test_a_client_that_never_answers(session: Session) -> None:
    session.silent.update({"workspace/configuration", "client/registerCapability"})
    session.silent.add("window/workDoneProgress/create")
    await session.initialize(clients.vscode(), ["file:///a"])
    await check_alive(session)
    await session.until(lambda: session.told["workspace/configuration"])
    assert await session.shutdown() == 0


async def test_a_silent_client_costs_one_log_line() -> None:
    code = (
        "import tests.support.fake_server as f, sys, backend_expert.lsp.calls as c\nf.install()\n"
    )
    code += "c.Calls.ask.__defaults__ = (0.2,)\nimport backend_expert.lsp.door as d\n"
    code += "d.Door.ask.__defaults__ = (0.2,)\n"
    code += "from backend_expert.cli.serve import serve; sys.exit(serve())"
    pipe = asyncio.subprocess.PIPE
    async with Session.start((sys.executable, "-c", code), stderr=pipe) as session:
        session.silent.add("workspace/configuration")
        await session.initialize(clients.vscode())
        assert session.process.stderr
        line = (await asyncio.wait_for(session.process.stderr.readline(), 20)).decode()
        assert "did not answer workspace/configuration within 0.2 s" in line
        await session.until(lambda: session.told["client/registerCapability"])
        assert await session.shutdown() == 0
        assert "Traceback" not in (await session.process.stderr.read()).decode()


async def test_a_client_that_is_gone_ends_the_server() -> None:
    process = await asyncio.create_subprocess_exec(
        *COMMAND, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdin
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), 10) == 1


async def test_cancelling(session: Session) -> None:
    await session.initialize(clients.vscode())
    session.open(URI, "TODO\n", "fake")
    # In one write, so that the server has read both before it handles the first.
    pull = b'{"jsonrpc":"2.0","id":"p","method":"textDocument/diagnostic","params":{}}'
    cancel = b'{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"p"}}'
    session.send_bytes(framed(pull) + framed(cancel))
    await session.until(lambda: session.stray)
    assert session.stray[0]["error"]["code"] == -32800
    place = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}}
    name, answer = session.ask("textDocument/hover", place)  # it waits for pygls
    session.notify("$/cancelRequest", {"id": name})
    session.notify("$/cancelRequest", {"id": 12345})
    session.notify("$/cancelRequest", None)
    with pytest.raises(Failed, match="-32800"):
        await asyncio.wait_for(answer, 20)
    await check_alive(session)
