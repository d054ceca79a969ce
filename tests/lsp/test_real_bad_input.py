"""Bad texts, names and orders for the real server: each gets one clear answer, and it goes on."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from backend_expert.lsp.client import Session
from backend_expert.lsp.wire import Frames, decode, encode, framed, notification

from tests.support import clients
from tests.support.editor import SHOP, Editor

TIMEOUT = "errors/http-call-no-timeout"
SOUND = 'import requests\n\n\ndef get():\n    requests.get("https://example.org")\n'


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def editor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    root = tmp_path_factory.mktemp("bad input ü")
    with (root / "log").open("wb") as log:
        async with Editor.start("vscode", root, stderr=log) as started:
            yield started
            assert await started.session.shutdown() == 0
    said = (root / "log").read_text("utf-8")
    assert "Traceback" not in said
    assert started.session.told["window/showMessage"] == []


async def only_notice(editor: Editor, uri: str) -> str:
    """The message of the one diagnostic, which is of the information level."""
    (found,) = await editor.findings(uri)
    assert (found["code"], found["severity"]) == ("not-checked", 3)
    assert found["range"]["start"] == {"line": 0, "character": 0}
    await everything(editor, uri)
    return found["message"]


async def everything(editor: Editor, uri: str) -> None:
    """All that can be asked of a file answers."""
    name = {"textDocument": {"uri": uri}}
    place = {"line": 0, "character": 0}
    await editor.session.request("textDocument/hover", {**name, "position": place})
    await editor.actions(uri, {"start": place, "end": {"line": 9, "character": 9}})
    await editor.session.request("textDocument/documentSymbol", name)
    await editor.shown(uri)


# -- texts ----------------------------------------------------------------------------------------


async def test_a_file_of_fifty_megabytes(editor: Editor) -> None:
    uri = editor.open("untitled:large.py", "x = 1\n" * 8_700_000)
    assert "over 2 MB" in await only_notice(editor, uri)
    for version in range(2, 12):
        editor.session.type_in(uri, version, 4_000_000, 0, "y")
    assert "over 2 MB" in await only_notice(editor, uri)
    editor.versions[uri] = 11
    editor.rewrite(uri, SOUND)
    assert len(await editor.findings(uri, TIMEOUT)) == 1
    editor.close(uri)


@pytest.mark.parametrize(("language", "unit"), [("javascript", "x=[1];"), ("python", "x=[1];")])
async def test_a_minified_line(editor: Editor, language: str, unit: str) -> None:
    uri = editor.open("untitled:minified", unit * 30_000, language)
    assert "minified" in await only_notice(editor, uri)
    editor.close(uri)


async def test_binary_data(editor: Editor) -> None:
    uri = editor.open("untitled:binary.py", "\x7fELF\0\0\1" + SOUND)
    assert "binary data" in await only_notice(editor, uri)
    editor.rewrite(uri, SOUND)
    assert len(await editor.findings(uri, TIMEOUT)) == 1
    editor.close(uri)


@pytest.mark.parametrize("text", ["\ufeff" + SOUND, SOUND.replace("\n", "\r\n"), SOUND[:-1]])
async def test_marks_and_line_ends(editor: Editor, text: str) -> None:
    uri = editor.open("untitled:ends.py", text)
    (found,) = await editor.findings(uri, TIMEOUT)
    assert found["range"]["start"] == {"line": 4, "character": 4}
    (fix,) = [a for a in await editor.actions(uri, found["range"]) if a.get("isPreferred")]
    fix = await editor.session.request("codeAction/resolve", fix)
    assert editor.apply(fix["edit"])
    assert editor.texts[uri] == text.replace('org")', 'org", timeout=5)')
    assert not await editor.findings(uri, TIMEOUT)
    editor.close(uri)


async def test_lone_surrogates(editor: Editor) -> None:
    text = SOUND.replace("https://", "\\ud800\U0001f600\\udc00")
    item = {"uri": "untitled:lone.py", "languageId": "python", "version": 1, "text": text}
    body = encode(
        {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": item}}
    )
    editor.session.send_bytes(framed(body.replace(b"\\\\u", b"\\u")))
    (found,) = (await editor.session.pull("untitled:lone.py"))["items"]
    line = '    requests.get("??😀?example.org")'.encode("utf-16-le")
    assert found["range"]["end"]["character"] in (len(line) // 2 - 1, len("    requests.get"))
    editor.session.notify("textDocument/didClose", {"textDocument": {"uri": "untitled:lone.py"}})


N = 10_000
DEEP = {
    "python": ["x = " + "[" * N + "]" * N, "f" + "(" * N, "x = " + "not " * (N // 3) + "y"],
    "javascript": ["x = " + "[" * N + "]" * N, "{" * N, "f" + "(" * N, "x=" + "()=>" * (N // 3)],
    "sql": [f"SELECT {'(' * (N // 2)}1{')' * (N // 2)}", "SELECT " + "CASE WHEN a THEN " * 900],
}
IN_TEXT = [
    f'import sqlite3\n\n\ndef f(db: sqlite3.Connection):\n    db.execute("SELECT {"(" * (N // 2)}")\n',
]


@pytest.mark.parametrize("language", DEEP)
async def test_ten_thousand_brackets(editor: Editor, language: str) -> None:
    for text in (*DEEP[language], *(IN_TEXT if language == "python" else ())):
        uri = editor.open("untitled:deep", text + "\n", language)
        await editor.findings(uri)
        await everything(editor, uri)
        editor.rewrite(uri, "\n" + text + "\n")
        await editor.findings(uri)
        editor.close(uri)


async def test_broken_code_at_every_keystroke(editor: Editor) -> None:
    text = (SHOP / "api/shop/worker/notify.py").read_text("utf-8").replace("order", "ördé😀r")
    uri = editor.open("untitled:keys.py", "")
    for version, letter in enumerate(text[-700:], 2):
        where = editor.position(uri, len(editor.texts[uri]))
        editor.session.type_in(uri, version, where["line"], where["character"], letter)
        editor.texts[uri] += letter
        if version % 10 == 0:
            await editor.findings(uri)
    editor.versions[uri] = version
    await everything(editor, uri)
    typed = await editor.findings(uri)
    fresh = editor.open("untitled:fresh.py", editor.texts[uri])
    assert await editor.findings(fresh) == typed
    editor.close(uri)
    editor.close(fresh)


# -- names and orders -----------------------------------------------------------------------------

URIS = ["untitled:Untitled-1", "file:///gone/with%20blanks/%C3%BC.py", "file:///C%3A/a%20b/x.py"]
URIS += ["file://server/share/x.py", "git:/a/x.py?%7B%22ref%22%7D", "vscode-notebook-cell:/a#W0"]
URIS += ["file:///a/b%2.py", "file:///a/%FF%FE.py", "", "no uri at all"]


@pytest.mark.parametrize("uri", URIS)
async def test_names(editor: Editor, uri: str) -> None:
    editor.open(uri, SOUND)
    assert len(await editor.findings(uri, TIMEOUT)) == 1
    await everything(editor, uri)
    editor.close(uri)


async def test_unknown_languages_say_nothing(editor: Editor) -> None:
    for language, text in (("cobol", SOUND), ("", SOUND), ("plaintext", "x" * 50_000)):
        uri = editor.open("untitled:unknown", text, language)
        assert await editor.findings(uri) == []
        await everything(editor, uri)
        editor.close(uri)


async def test_versions_out_of_order_lose_nothing(editor: Editor) -> None:
    uri = editor.open("untitled:order.py", SOUND)
    for version in (9, 7, 7, 8):
        editor.session.type_in(uri, version, 0, 0, "\n")
    (found,) = await editor.findings(uri, TIMEOUT)
    assert found["range"]["start"]["line"] == 8
    editor.close(uri)


async def test_a_file_that_vanishes_stays_open_and_a_folder_too(
    editor: Editor, tmp_path: Path
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    (folder / "a.py").write_text(SOUND)
    name = {"uri": folder.as_uri(), "name": "gone"}
    change = {"event": {"added": [name], "removed": []}}
    editor.session.notify("workspace/didChangeWorkspaceFolders", change)
    uri = editor.open_file(folder / "a.py")
    (folder / "a.py").unlink()
    folder.rmdir()
    gone = {"changes": [{"uri": uri, "type": 3}, {"uri": folder.as_uri(), "type": 3}]}
    editor.session.notify("workspace/didChangeWatchedFiles", gone)
    assert len(await editor.findings(uri, TIMEOUT)) == 1
    report = await editor.session.request("workspace/diagnostic", {"previousResultIds": []})
    assert [item["uri"] for item in report["items"]] == [uri]
    change = {"event": {"added": [], "removed": [name]}}
    editor.session.notify("workspace/didChangeWorkspaceFolders", change)
    editor.close(uri)


# -- a client that does not read ------------------------------------------------------------------


async def complained(log: Path) -> None:
    """Waits until the server has said that nobody reads."""
    while "the client does not read" not in log.read_text():
        await asyncio.sleep(0.01)


async def test_a_client_that_does_not_read_gets_all_once_it_does(tmp_path: Path) -> None:
    code = "import sys, backend_expert.lsp.outlet as o\no.FULL, o.FREE = 20_000, 2_000\n"
    code += "from backend_expert.cli.serve import serve; sys.exit(serve())"
    with (tmp_path / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, stdin=PIPE, stdout=PIPE, stderr=log, limit=1 << 12
        )
        assert process.stdin and process.stdout
        begin = {"id": 1, "method": "initialize", "params": {"capabilities": clients.bare()}}
        process.stdin.write(framed(encode({"jsonrpc": "2.0", **begin})))
        text = SOUND + (SOUND.splitlines()[4] + "\n") * 100
        for number in range(40):
            item = {"uri": f"untitled:{number}.py", "languageId": "python", "version": 1}
            opened = notification("textDocument/didOpen", {"textDocument": {**item, "text": text}})
            process.stdin.write(framed(opened))
            if number == 19:  # it has more to say than the pipe takes; the rest comes on top
                await asyncio.wait_for(complained(tmp_path / "log"), 30)
        end = {"id": 2, "method": "shutdown"}
        process.stdin.write(framed(encode({"jsonrpc": "2.0", **end})))
        out = b""
        while b'"id":2,' not in out:
            out += await asyncio.wait_for(process.stdout.read(1 << 20), 30)
        process.stdin.write(framed(notification("exit", None)))
        assert await asyncio.wait_for(process.stdout.read(), 30) == b""
        assert await asyncio.wait_for(process.wait(), 10) == 0
    assert (tmp_path / "log").read_text().count("the client does not read") == 1
    frames = list(Frames().feed(out))
    pushed = [message["params"] for message in map(decode, frames) if "params" in message]
    assert len({push["uri"] for push in pushed if push["diagnostics"]}) >= 10


async def test_a_client_that_never_reads_and_leaves_does_not_keep_the_server(
    editor: Editor,
) -> None:
    async with Session.start(stderr=asyncio.subprocess.DEVNULL) as session:
        await session.initialize(clients.emacs())
        session._reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await session._reading
        for number in range(60):
            session.open(f"untitled:{number}.py", SOUND + "requests.get(1)\n" * 400)
        transport = session.process._transport  # pyright: ignore
        transport.get_pipe_transport(1).close()
        transport.get_pipe_transport(0).close()
        assert await asyncio.wait_for(session.process.wait(), 20) == 1
