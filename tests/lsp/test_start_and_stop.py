"""The life of a session: start, shutdown, exit, and what happens out of turn."""

import asyncio
import sys
from pathlib import Path

import pytest
from backend_expert.lsp.client import Failed, Session
from backend_expert.lsp.wire import framed

from tests.lsp.conftest import COMMAND
from tests.support import clients


async def test_exit_without_shutdown_is_1(session: Session) -> None:
    await session.initialize(clients.vscode())
    session.notify("exit")
    assert await asyncio.wait_for(session.process.wait(), 10) == 1


@pytest.mark.parametrize("shut_down", [True, False])
async def test_the_end_of_input_ends_the_server(session: Session, shut_down: bool) -> None:
    await session.initialize(clients.vscode())
    if shut_down:
        await session.request("shutdown")
    assert session.process.stdin
    session.process.stdin.close()
    assert await asyncio.wait_for(session.process.wait(), 10) == (0 if shut_down else 1)


async def test_what_comes_out_of_turn_is_refused(session: Session) -> None:
    with pytest.raises(Failed, match="-32002"):
        await session.request("textDocument/hover", {})
    session.notify("textDocument/didOpen", {})
    await session.initialize(clients.vscode())
    with pytest.raises(Failed, match="-32600"):
        await session.request("initialize", {"capabilities": {}})
    await session.request("shutdown")
    with pytest.raises(Failed, match="-32600"):
        await session.request("textDocument/hover", {})


@pytest.mark.parametrize("name", clients.ALL)
async def test_each_client_gets_what_it_can_use(session: Session, name: str) -> None:
    capabilities = clients.ALL[name]()
    offer = await session.initialize(capabilities)
    assert ("diagnosticProvider" in offer) == (name not in ("emacs", "bare"))
    assert ("textDocumentContent" in offer["workspace"]) == (name == "virtual")
    assert (offer["codeActionProvider"] is True) == (name == "bare")
    encodings = {"neovim": "utf-8", "emacs": "utf-32"}
    assert offer["positionEncoding"] == encodings.get(name, "utf-16")
    assert await session.shutdown() == 0


async def test_initialize_takes_what_old_and_odd_clients_send(session: Session) -> None:
    params = {
        "rootPath": "/tmp",
        "capabilities": {"textDocument": None},
        "initializationOptions": 7,
    }
    result = await session.request("initialize", params)
    assert result["serverInfo"]["name"] == "backend-expert"


async def test_tracing_tells_each_message(running: Session) -> None:
    running.notify("$/setTrace", {"value": "verbose"})
    running.open("untitled:a", "x\n", "fake")
    await running.pull("untitled:a")
    await running.until(lambda: len(running.told["$/logTrace"]) >= 2)
    told = [params["message"] for params in running.told["$/logTrace"]]
    assert any(message.startswith("textDocument/didOpen handled in") for message in told)


async def test_standard_output_belongs_to_the_protocol_alone() -> None:
    code = "import tests.support.fake_server as f, sys\nf.install()\n"
    code += "import backend_expert.ide.hover as h\n"
    code += "h.hover = lambda *a: print('stray') or None\n"
    code += "from backend_expert.cli.serve import serve; sys.exit(serve())"
    async with Session.start(
        (sys.executable, "-c", code), stderr=asyncio.subprocess.DEVNULL
    ) as session:
        await session.initialize(clients.vscode())
        session.open("untitled:a", "x\n", "fake")
        place = {"textDocument": {"uri": "untitled:a"}, "position": {"line": 0, "character": 0}}
        assert await session.request("textDocument/hover", place) is None
        assert await session.shutdown() == 0


async def test_from_a_file_in_place_of_a_pipe(tmp_path: Path) -> None:
    script = tmp_path / "session"
    begin = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}'
    end = b'{"jsonrpc":"2.0","id":2,"method":"shutdown"}'
    script.write_bytes(framed(begin) + framed(end) + framed(b'{"jsonrpc":"2.0","method":"exit"}'))
    with script.open("rb") as file:
        process = await asyncio.create_subprocess_exec(
            *COMMAND, stdin=file, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0
    assert out.count(b"Content-Length: ") == 2


async def test_over_tcp() -> None:
    code = "import tests.support.fake_server as f, sys\nf.install()\n"
    code += "from backend_expert.cli.serve import serve; sys.exit(serve('127.0.0.1:0'))"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr
    line = (await asyncio.wait_for(process.stderr.readline(), 20)).decode()
    port = int(line.rsplit(":", 1)[1])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b'Content-Length: 75\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}'
    )
    assert (await reader.readline()).startswith(b"Content-Length: ")
    writer.write(b'Content-Length: 44\r\n\r\n{"jsonrpc":"2.0","id":2,"method":"shutdown"}')
    writer.write(b'Content-Length: 33\r\n\r\n{"jsonrpc":"2.0","method":"exit"}')
    assert await asyncio.wait_for(process.wait(), 10) == 0
    writer.close()
