"""The office: pygls, brought in once the first findings are out, with what waits for it."""

import asyncio
import gc
import logging
import sys
import threading
from typing import TYPE_CHECKING, Any

from backend_expert.lsp.errors import INTERNAL_ERROR, REQUEST_CANCELLED
from backend_expert.lsp.wire import failure

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.lsp.server import ExpertServer

log = logging.getLogger(__name__)

PATIENCE = 0.3  # seconds that a message may wait for the first findings to be out
SWITCH = 0.0005  # seconds after which the importing thread must let a keystroke through


class Office:
    """Opens pygls in a thread, and hands it messages in order."""

    def __init__(self, door: "Door") -> None:
        self._door = door
        self._server: ExpertServer | None = None
        self._waiting: list[dict[str, Any]] = []
        self._is_opening = False

    def handle(self, message: dict[str, Any]) -> None:
        """Has pygls handle a message, now or as soon as it is there."""
        if self._server is not None:
            self._server.receive(message)
            return
        self._waiting.append(message)
        if self._door.awaits_findings:
            asyncio.get_running_loop().call_later(PATIENCE, self.open_soon)
        else:
            self.open_soon()

    def cancel(self, name: str | int) -> None:
        """Cancels a request that pygls has, or waits to get."""
        if self._server is not None:
            self._server.cancel(name)
            return
        for message in self._waiting:
            if message.get("id") == name:
                message["cancelled"] = True

    def open_after_answer(self) -> None:
        """Opens once the answer that is being made has gone out."""
        if not self._is_opening:
            asyncio.get_running_loop().call_soon(self.open_soon)

    def open_soon(self) -> None:
        """Starts to import pygls, unless that has begun."""
        if not self._is_opening:
            self._is_opening = True
            loop = asyncio.get_running_loop()
            threading.Thread(target=self._open, args=(loop,), name="opening", daemon=True).start()

    def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        before = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH)
        gc.freeze()  # so that collecting what the imports leave behind walks only that
        try:
            from backend_expert.lsp.server import build_server

            server = build_server(self._door)
            gc.collect()
            gc.freeze()
        except BaseException as error:
            loop.call_soon_threadsafe(self._broke, error)
            raise
        finally:
            sys.setswitchinterval(before)
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._opened, server)

    def _broke(self, error: BaseException) -> None:
        """Nothing can be answered, now or later; who asked is told so."""
        self._door.failed("loading the features", error)
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            if "id" in message:
                why = f"The features could not be loaded: {error!r}"
                self._door.send(failure(message["id"], INTERNAL_ERROR, why))
        self._is_opening = False

    def _opened(self, server: "ExpertServer") -> None:
        self._server = server
        for message in self._waiting:
            if message.get("cancelled"):
                why = "The client cancelled this request."
                self._door.send(failure(message["id"], REQUEST_CANCELLED, why))
            else:
                server.receive(message)
        self._waiting.clear()
