"""Running tasks that a person can cancel, each with its progress bar where the client has one.

pygls drops the work-done token of a command, so tokens and cancelling are kept here.
"""

import asyncio
import itertools
import logging
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from backend_expert.lsp.calls import Unanswered

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

log = logging.getLogger(__name__)

Token = str | int


class Progress:
    """A progress bar; silent when the client shows none."""

    def __init__(self, door: "Door", token: Token | None) -> None:
        self._door = door
        self.token = token

    def report(self, message: str, percentage: int | None = None) -> None:
        """Says how far the work is."""
        self._tell({"kind": "report", "message": message, "percentage": percentage})

    def begin(self, title: str) -> None:
        """Shows the bar."""
        self._tell({"kind": "begin", "title": title, "cancellable": True})

    def end(self, message: str) -> None:
        """Takes the bar away."""
        self._tell({"kind": "end", "message": message})

    def _tell(self, value: dict[str, Any]) -> None:
        if self.token is not None:
            value = {name: part for name, part in value.items() if part is not None}
            self._door.notify("$/progress", {"token": self.token, "value": value})


class Tasks:
    """The tasks under way, by progress token."""

    def __init__(self, door: "Door") -> None:
        self._door = door
        self._names = itertools.count(1)
        self._by_token: dict[Token, asyncio.Task[Any]] = {}
        self._behind: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Runs `work` in the background; what it raises is logged."""
        task = asyncio.get_running_loop().create_task(work)
        self._behind.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._behind.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a background task failed: %r", error, exc_info=error)

    @asynccontextmanager
    async def progress(self, title: str, token: Token | None = None) -> AsyncGenerator[Progress]:
        """A bar around the current task, which its cancel button cancels.

        `token` is the one that the client sent with its request; else one is made, where the
        client allows it.
        """
        token = token if token is not None else await self._new_token()
        progress = Progress(self._door, token)
        task = asyncio.current_task()
        if token is not None and task is not None:
            self._by_token[token] = task
        progress.begin(title)
        ending = "done"
        try:
            yield progress
        except asyncio.CancelledError:
            ending = "cancelled"
            raise
        except Exception:
            ending = "failed"
            raise
        finally:
            if token is not None:
                self._by_token.pop(token, None)
            progress.end(ending)

    async def _new_token(self) -> Token | None:
        if not self._door.client.has("window.workDoneProgress"):
            return None
        token = f"backend-expert-{next(self._names)}"
        try:
            await self._door.ask("window/workDoneProgress/create", {"token": token})
        except Unanswered:
            return None
        return token

    def cancel(self, token: Token) -> None:
        """Cancels the task behind a progress bar."""
        task = self._by_token.get(token)
        if task is None:
            log.info("nothing runs under the progress token %r any more", token)
        else:
            task.cancel()

    def cancel_all(self) -> None:
        """Cancels everything: the session ends."""
        for task in (*self._by_token.values(), *self._behind):
            task.cancel()
