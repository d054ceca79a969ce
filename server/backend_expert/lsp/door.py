"""The door: every message comes in and goes out here, in order.

What must be quick (documents, diagnostics, the start) is answered here from plain JSON, so that
the first findings need not wait until pygls and lsprotocol are imported (a quarter of a second),
and a keystroke costs no objects. Everything else goes on to pygls, see `server`.
"""

import asyncio
import contextlib
import logging
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any, cast

import msgspec

from backend_expert.ide.routing import LATER
from backend_expert.lsp import errors, wire
from backend_expert.lsp.asking import Asking
from backend_expert.lsp.calls import SOON, Calls, Unanswered
from backend_expert.lsp.capabilities import Client
from backend_expert.lsp.closed_files import ClosedFiles
from backend_expert.lsp.completing import Completing
from backend_expert.lsp.doing import Doing
from backend_expert.lsp.errors import Refusal
from backend_expert.lsp.features import FEATURES
from backend_expert.lsp.office import Office
from backend_expert.lsp.reports import Reports
from backend_expert.lsp.routers import Routers
from backend_expert.lsp.survey import Survey
from backend_expert.lsp.tasks import Tasks
from backend_expert.lsp.trouble import Trouble
from backend_expert.workspace.documents import Documents, Snapshot

log = logging.getLogger(__name__)

Message = dict[str, Any]
Handler = Callable[["Door", Any], Any]
PULL = "textDocument/diagnostic"
CONFIDENTIAL = ("initialize", "workspace/didChangeConfiguration")  # they may carry a key


class Door:
    """One session with one client. `plain` answers the quick methods (see `lsp.plain`)."""

    def __init__(self, write: Callable[[bytes], None], plain: dict[str, Handler]) -> None:
        self.client = Client()
        self.trouble = Trouble(self)
        self.failed = self.trouble.failed
        always = {"on_error": self.trouble.rule_failed, LATER: Routers(self).find}
        self.documents = Documents(always)
        self.calls = Calls(self.send)
        self.tasks = Tasks(self)
        self.reports = Reports()
        self.closed_files, self.survey = ClosedFiles(self), Survey(self)
        self.office = Office(self)
        self.asking, self.doing = Asking(self), Doing(self)
        self.completing = Completing(self)
        self.is_initialized = self.is_shut_down = False
        self.trace = "off"
        self.personal: dict[str, Any] = {}  # the user's own settings among the start options
        self.closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.unpublished: dict[str, None] = {}
        self._write, self._plain = write, plain
        self._frames = wire.Frames()
        self._inbox: deque[Message] = deque()
        self._pulls: Counter[str] = Counter()
        self._cancelled: set[str | int] = set()
        self._is_working = self.has_ended = False

    # -- in ---------------------------------------------------------------------------------------

    def feed(self, data: bytes) -> None:
        """Takes in bytes from the client."""
        for body in self._frames.feed(data):
            try:
                message = wire.decode(body)
            except ValueError as error:
                log.error("a message is no JSON (%s): %.200r", error, body)
                self.send(wire.failure(None, errors.PARSE_ERROR, f"This is no JSON: {error}"))
                continue
            self._receive(message)
        if self._inbox and not self._is_working:
            self._is_working = True
            asyncio.get_running_loop().call_soon(self._work)

    def end(self) -> None:
        """The client says no more; what it has said is still handled."""
        self.has_ended = True
        if not self._is_working:
            self.close()

    def _receive(self, message: Any) -> None:
        is_message = isinstance(message, dict)
        message = cast(Message, message)
        if not is_message or message.get("jsonrpc") != "2.0":
            log.error("a message is not JSON-RPC 2.0: %.200r", message)
            self.send(wire.failure(None, errors.INVALID_REQUEST, "This is not JSON-RPC 2.0."))
            return
        method = message.get("method")
        if method == "$/cancelRequest":
            self._cancel(message)
            return
        if method == PULL:
            self._pulls[_uri(message)] += 1
        self._inbox.append(message)

    def _cancel(self, message: Message) -> None:
        params = message.get("params")
        name = cast(Message, params).get("id") if isinstance(params, dict) else None
        if any(waiting.get("id") == name and "method" in waiting for waiting in self._inbox):
            self._cancelled.add(cast("str | int", name))
        elif isinstance(name, (str, int)):
            self.office.cancel(name)

    def _work(self) -> None:
        """Handles one message; between two the event loop may read and run tasks."""
        message = self._inbox.popleft()
        started = time.perf_counter()
        self._handle(message)
        if self.trace != "off":
            self._tell_trace(message, time.perf_counter() - started)
        loop = asyncio.get_running_loop()
        if self._inbox:
            loop.call_soon(self._work)
        else:
            self._is_working = False
            if self.has_ended:
                self.close()
            # Twice round the loop: once to see whether more has come in meanwhile.
            if self.unpublished:
                loop.call_soon(loop.call_soon, self.publish)

    def _handle(self, message: Message) -> None:
        method = message.get("method")
        if method is None:
            if not self.calls.answered(message):
                log.warning("the client answers a request that we did not make: %.200r", message)
        elif not isinstance(method, str):
            self._refuse(message, errors.INVALID_REQUEST, "The method must be a string.")
        elif "id" in message:
            self._request(method, message)
        else:
            self._notification(method, message)

    def _request(self, method: str, message: Message) -> None:
        name = message["id"]
        if not isinstance(name, (str, int)):
            self._refuse(message, errors.INVALID_REQUEST, "The id must be a string or a number.")
        elif name in self._cancelled:
            self._cancelled.discard(name)
            self._leave_pull(method, message)
            self._refuse(message, errors.REQUEST_CANCELLED, "The client cancelled this request.")
        elif not self.is_initialized and method != "initialize":
            self._refuse(message, errors.NOT_INITIALIZED, f"{method} came before initialize.")
        elif self.is_shut_down:
            self._refuse(message, errors.INVALID_REQUEST, f"{method} came after shutdown.")
        elif self._leave_pull(method, message):
            # The client has asked again since; only its last question needs an answer.
            data = {"retriggerRequest": False}
            self._refuse(message, errors.SERVER_CANCELLED, "A newer request came.", data)
        elif (handler := self._plain.get(method)) is not None:
            self._answer(handler, method, message)
        elif method in FEATURES:
            self.office.handle(message)
        else:
            self._refuse(message, errors.METHOD_NOT_FOUND, f"There is no method {method}.")

    def _leave_pull(self, method: str, message: Message) -> bool:
        """Takes a pull off the count; True when a later one for the same file is waiting."""
        if method != PULL:
            return False
        uri = _uri(message)
        self._pulls[uri] -= 1
        if self._pulls[uri] <= 0:
            del self._pulls[uri]
            return False
        return True

    def _answer(self, handler: Handler, method: str, message: Message) -> None:
        name = message["id"]
        try:
            result = handler(self, message.get("params"))
            body = wire.response(name, result)
        except Refusal as error:
            self._refuse(message, error.code, error.message, error.data)
        except msgspec.ValidationError as error:
            self._refuse(message, errors.INVALID_PARAMS, f"{method}: {error}")
        except Exception as error:
            self.failed(method, error)
            self._refuse(message, errors.INTERNAL_ERROR, f"{method} failed: {error!r}")
        else:
            self.send(body)

    def _notification(self, method: str, message: Message) -> None:
        if method == "exit":
            self.close()
            return
        if not self.is_initialized or self.is_shut_down:
            log.warning("passed over %s: the session is not running", method)
            return
        handler = self._plain.get(method)
        if handler is None:
            if method in FEATURES:
                self.office.handle(message)
            elif not method.startswith("$/"):
                log.info("passed over the unknown notification %s", method)
            return
        try:
            handler(self, message.get("params"))
        except msgspec.ValidationError as error:
            log.error("passed over a broken %s: %s", method, error)
        except Exception as error:
            self.failed(method, error)

    # -- out --------------------------------------------------------------------------------------

    def send(self, body: bytes) -> None:
        """Sends a message."""
        try:
            self._write(wire.framed(body))
        except OSError as error:
            if not self.closed.done():
                log.error("the client is gone: %s", error)
                self.close()

    def notify(self, method: str, params: Any) -> None:
        """Sends a notification."""
        self.send(wire.notification(method, params))

    async def ask(self, method: str, params: Any, patience: float = SOON) -> Any:
        """Sends a request and waits for the answer; raises `Unanswered` when there is none."""
        return await self.calls.ask(method, params, patience)

    def _refuse(self, message: Message, code: int, why: str, data: Any = None) -> None:
        log.info("refused: %s", why)
        name = message.get("id")
        self.send(wire.failure(name if isinstance(name, (str, int)) else None, code, why, data))

    def _tell_trace(self, message: Message, seconds: float) -> None:
        what = message.get("method") or "response"
        value = {"message": f"{what} handled in {1000 * seconds:.1f} ms"}
        if self.trace == "verbose" and what not in CONFIDENTIAL:
            value["verbose"] = f"{message.get('params')!r:.2000}"
        self.notify("$/logTrace", value)

    # -- what handlers use ------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """What a request may look at; take it on the first line."""
        return self.documents.snapshot()

    @property
    def awaits_findings(self) -> bool:
        """Whether a file is open and no findings have been told yet."""
        return bool(self.documents.uris) and not self.reports.has_told

    def publish(self) -> None:
        """Pushes the diagnostics of changed documents, once nothing more is waiting."""
        if self._inbox or not self.unpublished or self.is_shut_down:
            return
        snapshot = self.snapshot()
        for uri in tuple(self.unpublished):
            del self.unpublished[uri]
            if (document := snapshot.document(uri)) is not None:
                body = self.reports.published(self, snapshot, document)
                self.notify("textDocument/publishDiagnostics", wire.Raw(body))
        self.office.open_soon()

    def refresh(self) -> None:
        """Has the client ask for diagnostics and lenses again, or pushes them."""
        if not self.client.pulls:
            self.unpublished.update(dict.fromkeys(self.documents.uris))
            asyncio.get_running_loop().call_soon(self.publish)
        elif self.client.has("workspace.diagnostics.refreshSupport"):
            self.tasks.start(self._ask_quietly("workspace/diagnostic/refresh"))
        self.refresh_lenses()

    def refresh_lenses(self) -> None:
        """Has the client ask for lenses again."""
        if self.client.has("workspace.codeLens.refreshSupport"):
            self.tasks.start(self._ask_quietly("workspace/codeLens/refresh"))

    async def _ask_quietly(self, method: str) -> None:
        with contextlib.suppress(Unanswered):  # the log has told
            await self.ask(method, None)

    def close(self) -> None:
        """Ends the session; the exit code says whether the client shut it down first."""
        self.closed_files.stop()
        if not self.closed.done():
            self.closed.set_result(0 if self.is_shut_down else 1)


def _uri(message: Message) -> str:
    try:
        return str(message["params"]["textDocument"]["uri"])
    except (KeyError, TypeError):
        return ""
