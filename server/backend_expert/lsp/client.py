"""A small client: starts the server as an editor would and speaks with it, for demo, bench, tests.

No pygls and no types: messages are plain data, so that broken ones can be sent too.
"""

import asyncio
import contextlib
import itertools
import os
import sys
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from backend_expert.lsp.wire import Frames, Raw, decode, encode, framed, notification

COMMAND = (sys.executable, "-m", "backend_expert.cli", "serve")
CHUNK = 1 << 18
Answer = Callable[[Any], Any]


class Failed(Exception):
    """One side answered with an error."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error.get('code')}: {error.get('message')}")
        self.error = error
        self.code = error.get("code")
        self.data = error.get("data")


def _settings(params: Any) -> Any:
    return [None for _ in params["items"]]


# What a willing client says to the server's own requests.
ANSWERS: dict[str, Answer] = {
    "workspace/configuration": _settings,
    "window/showDocument": lambda params: {"success": True},
    "workspace/applyEdit": lambda params: {"applied": True},
}


class Session:
    """One server process and the conversation with it.

    `answers` says what to reply to the server's requests (null to those not named), or raises
    `Failed`; a method in `silent` is never answered. `told` keeps every notification and request of
    the server.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.answers: dict[str, Answer] = dict(ANSWERS)
        self.silent: set[str] = set()
        self.told: dict[str, list[Any]] = defaultdict(list)
        self.stray: list[Any] = []  # answers that belong to no request of ours
        self.capabilities: dict[str, Any] = {}
        self._ids = itertools.count(1)
        self._waiting: dict[str | int, asyncio.Future[Any]] = {}
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    @asynccontextmanager
    async def start(
        cls,
        command: Sequence[str] = COMMAND,
        *,
        cwd: str | None = None,
        env: dict[str, str] | None = None,
        stderr: int | None = None,
    ) -> AsyncGenerator["Session"]:
        """A running server; it is stopped at the end, by force if need be."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *command, stdin=pipe, stdout=pipe, stderr=stderr, cwd=cwd,
            env={**os.environ, **(env or {})},
        )  # fmt: skip
        session = cls(process)
        try:
            yield session
        finally:
            await session.stop()

    # -- speaking ---------------------------------------------------------------------------------

    def send_bytes(self, data: bytes) -> None:
        """Sends bytes as they are."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)

    def notify(self, method: str, params: Any = None) -> None:
        """Sends a notification."""
        self.send_bytes(framed(notification(method, params)))

    def ask(self, method: str, params: Any = None) -> tuple[int, "asyncio.Future[Any]"]:
        """Sends a request; its id and the answer to come."""
        name = next(self._ids)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[name] = answer
        message = {"jsonrpc": "2.0", "id": name, "method": method, "params": params}
        self.send_bytes(framed(encode(message)))
        return name, answer

    async def request(self, method: str, params: Any = None, patience: float = 30) -> Any:
        """Sends a request and waits for the result; an error answer raises `Failed`."""
        return await asyncio.wait_for(self.ask(method, params)[1], patience)

    async def initialize(
        self, capabilities: dict[str, Any], roots: Sequence[str] = (), **more: Any
    ) -> dict[str, Any]:
        """The first two messages; the server's capabilities."""
        folders = [{"uri": uri, "name": uri.rsplit("/", 1)[-1]} for uri in roots]
        params = {
            "processId": os.getpid(),
            "rootUri": roots[0] if roots else None,
            "workspaceFolders": folders or None,
            "capabilities": capabilities,
            **more,
        }
        result = await self.request("initialize", params)
        self.notify("initialized", {})
        self.capabilities = result["capabilities"]
        return self.capabilities

    def open(self, uri: str, text: str, language: str = "python", version: int = 1) -> None:
        """Opens a document."""
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, uri: str, version: int, *changes: dict[str, Any]) -> None:
        """Changes a document."""
        name = {"uri": uri, "version": version}
        self.notify(
            "textDocument/didChange", {"textDocument": name, "contentChanges": list(changes)}
        )

    def type_in(self, uri: str, version: int, line: int, character: int, text: str) -> None:
        """Inserts text at a place."""
        place = {"line": line, "character": character}
        self.change(uri, version, {"range": {"start": place, "end": place}, "text": text})

    async def pull(self, uri: str, previous: str | None = None) -> dict[str, Any]:
        """A document's diagnostics, pulled."""
        params: dict[str, Any] = {"textDocument": {"uri": uri}}
        if previous is not None:
            params["previousResultId"] = previous
        return await self.request("textDocument/diagnostic", params)

    async def pushed(self, uri: str, version: int, patience: float = 30) -> list[dict[str, Any]]:
        """A document's diagnostics, as pushed for a version."""

        def there() -> Any:
            for params in reversed(self.told["textDocument/publishDiagnostics"]):
                if params["uri"] == uri and params.get("version") == version:
                    return params
            return None

        return (await self.until(there, patience))["diagnostics"]

    async def until(self, there: Callable[[], Any], patience: float = 30) -> Any:
        """Waits until `there` gives something true."""
        async with asyncio.timeout(patience):
            while True:
                if found := there():
                    return found
                self._news.clear()
                await self._news.wait()

    async def shutdown(self) -> int:
        """Ends the session as the protocol wants it; the server's exit code."""
        await self.request("shutdown")
        self.notify("exit")
        return await asyncio.wait_for(self.process.wait(), 10)

    async def stop(self) -> None:
        """Ends the process if it still runs."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()
        assert self.process.stdin is not None
        self.process.stdin.close()
        self._reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reading

    # -- listening --------------------------------------------------------------------------------

    async def _read(self) -> None:
        assert self.process.stdout is not None
        frames = Frames()
        while data := await self.process.stdout.read(CHUNK):
            for body in frames.feed(data):
                self._take(decode(body))
            self._news.set()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionError("the server has ended"))

    def _take(self, message: dict[str, Any]) -> None:
        method = message.get("method")
        if method is not None:
            self.told[method].append(message.get("params"))
            if "id" in message and method not in self.silent:
                answer = self.answers.get(method, lambda params: None)
                try:
                    member, said = b"result", Raw(encode(answer(message.get("params"))))
                except Failed as refusal:
                    member, said = b"error", Raw(encode(refusal.error))
                head = b'{"jsonrpc":"2.0","id":%b,"%b":%b}'
                self.send_bytes(framed(head % (encode(message["id"]), member, said.json)))
            return
        waiting = self._waiting.pop(message.get("id") or 0, None)
        if waiting is None or waiting.done():
            self.stray.append(message)
        elif "error" in message:
            waiting.set_exception(Failed(message["error"]))
        else:
            waiting.set_result(message["result"])
