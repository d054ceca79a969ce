"""One request answered: found, checked, answered by its script, and recorded."""

import asyncio
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.support.messages_api import frames, validation
from tests.support.messages_api.models import listed
from tests.support.messages_api.providers import plain
from tests.support.messages_api.record import Recorded
from tests.support.messages_api.script import Answer, Awaits, Cuts, Failure, Waits
from tests.support.messages_api.wire import Head, TooLarge, Wire
from tests.support.messages_api.wrong import Wrong

if TYPE_CHECKING:
    from tests.support.messages_api.server import MessagesApi

LONGEST = 60.0  # seconds that a test may leave an answer waiting
UNSCRIPTED = "this test server has no script for this request"


class Answering:
    """The requests of one connection, one after the other."""

    def __init__(self, api: "MessagesApi", wire: Wire, connection: int) -> None:
        self._api, self._wire, self._connection = api, wire, connection
        self._recorded: Recorded | None = None

    async def one(self) -> bool:
        """Answers the next request; False when the connection is to be closed."""
        head = await self._wire.head()
        if head is None:
            return False
        try:
            body = await self._wire.body(head)
        except TooLarge:
            self._take(head, b"")
            message = "Request exceeds the maximum size"
            await self._fail(Failure(413, "request_too_large", message), 0)
            return False
        number = self._take(head, body)
        try:
            stays = await self._answer(head, number)
        except Wrong as wrong:
            await self._fail(Failure(wrong.status, wrong.type, wrong.message), number)
            stays = True
        self.over(answered=stays)
        return stays

    def left(self, at: float) -> None:
        """The client has closed the connection."""
        if self._recorded is not None and not self._recorded.over.is_set():
            self._recorded.left_at = at

    def over(self, answered: bool = False) -> None:
        """The request is done with."""
        if self._recorded is not None and not self._recorded.over.is_set():
            self._recorded.answered = answered
            self._recorded.over.set()

    def _take(self, head: Head, body: bytes) -> int:
        self._recorded = Recorded(head.method, head.target, head.headers, body, self._connection)
        return self._api.take(self._recorded)

    async def _answer(self, head: Head, number: int) -> bool:
        assert self._recorded is not None
        path, body, version = plain(urlsplit(head.target).path, self._recorded.json)
        self._let_in(head)
        validation.check_version(head.get("anthropic-version") or version or None)
        if head.method == "GET" and path.startswith("/v1/models"):
            await self._json(200, self._model(path), number)
            return True
        if head.method != "POST" or not path.startswith("/v1/messages"):
            raise Wrong(404, "not_found_error", "Not Found")
        validation.check(body, self._api.models, counting=path == "/v1/messages/count_tokens")
        if path == "/v1/messages/count_tokens":
            counted = self._api.cache.count(body, remember=False)
            await self._json(200, {"input_tokens": counted.all}, number)
            return True
        script = self._api.next_script(body)
        if script is None:
            script = Failure(500, "api_error", UNSCRIPTED, headers={"x-should-retry": "false"})
        if isinstance(script, Failure):
            await self._fail(script, number)
            return True
        return await self._message(script, body, number)

    def _let_in(self, head: Head) -> None:
        key = head.get("x-api-key")
        token = head.get("authorization").removeprefix("Bearer ").strip()
        if not key and not token:
            raise Wrong(401, "authentication_error", "x-api-key header is required")
        if self._api.keys and not {key, token} & set(self._api.keys):
            raise Wrong(401, "authentication_error", "invalid x-api-key")

    def _model(self, path: str) -> Any:
        name = path.removeprefix("/v1/models").strip("/")
        if not name:
            return listed(self._api.models)
        if name not in self._api.models:
            raise Wrong(404, "not_found_error", f"model: {name}")
        return self._api.models[name]

    async def _message(self, script: Answer, body: Any, number: int) -> bool:
        counted = self._api.cache.count(body)
        gone = asyncio.ensure_future(self._wire.watch())
        try:
            if not await self._stays(gone, script.headers_after):
                return False
            if not body.get("stream"):
                await self._json(200, frames.whole(script, number, body["model"], counted), number)
                return True
            kind = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}
            chunked = {"transfer-encoding": "chunked", **self._headers(number)}
            self._say(200)
            await self._wire.start(200, {**kind, **chunked, **script.headers})
            for frame in frames.frames(script, number, body["model"], counted):
                if not await self._frame(frame, gone):
                    return False
            await self._wire.chunk(b"")
            return True
        finally:
            gone.cancel()
            await asyncio.gather(gone, return_exceptions=True)

    async def _frame(self, frame: frames.Frame, gone: asyncio.Future[None]) -> bool:
        if isinstance(frame, bytes):
            assert self._recorded is not None
            self._recorded.sent += frame
            await self._wire.chunk(frame)
            return await self._stays(gone, 0)
        if isinstance(frame, Cuts):
            return False
        if isinstance(frame, Awaits):
            waiting = asyncio.ensure_future(asyncio.to_thread(frame.event.wait, LONGEST))
            await asyncio.wait({gone, waiting}, return_when=asyncio.FIRST_COMPLETED)
            return await self._stays(gone, 0)
        return await self._stays(gone, frame.seconds if isinstance(frame, Waits) else None)

    async def _stays(self, gone: asyncio.Future[None], seconds: float | None) -> bool:
        """Waits, for ever with None; False when the client left meanwhile."""
        await asyncio.wait({gone}, timeout=seconds)
        if gone.done():
            self.left(time.monotonic())
            return False
        return True

    async def _fail(self, failure: Failure, number: int) -> None:
        error = {"type": failure.type, "message": failure.message}
        error |= {"details": failure.details} if failure.details else {}
        body = {"type": "error", "error": error, "request_id": f"req_{number:06}"}
        await self._json(failure.status, failure.body or body, number, dict(failure.headers))

    async def _json(
        self, status: int, value: Any, number: int, headers: dict[str, str] | None = None
    ) -> None:
        self._say(status)
        sent = await self._wire.json(status, value, self._headers(number) | (headers or {}))
        if self._recorded is not None:
            self._recorded.sent = sent

    def _say(self, status: int) -> None:
        if self._recorded is not None:
            self._recorded.status = status

    def _headers(self, number: int) -> dict[str, str]:
        return {"request-id": f"req_{number:06}", "anthropic-organization-id": "org-test"}
