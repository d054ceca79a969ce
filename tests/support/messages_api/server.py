"""The server: a loop in a thread of its own, so that any test and any client can use it."""

import asyncio
import threading
import time
from typing import Any, Self

from tests.support.messages_api.answering import Answering
from tests.support.messages_api.caching import PromptCache
from tests.support.messages_api.models import MODELS
from tests.support.messages_api.record import Recorded
from tests.support.messages_api.script import Matcher, Script, Written
from tests.support.messages_api.wire import Wire


class MessagesApi:
    """A Messages API on loopback. Use it as a context manager.

    keys: the keys that are let in; any that is not empty when there are none. models: what
    `/v1/models` has, by id.
    """

    def __init__(
        self,
        keys: tuple[str, ...] = (),
        models: dict[str, dict[str, Any]] = MODELS,
        port: int = 0,
    ) -> None:
        self.keys = keys
        self.models = models
        self.cache = PromptCache()
        self.requests: list[Recorded] = []
        self.port = port
        self._scripts: list[tuple[Script | Written, Matcher | None, int | None]] = []
        self._arrived = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="messages api", daemon=True)
        self._ready = threading.Event()
        self._connections = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """The base URL for a client."""
        return f"http://127.0.0.1:{self.port}"

    def script(
        self, script: Script | Written, when: Matcher | None = None, times: int | None = 1
    ) -> None:
        """What a request gets that `when` fits, maybe written for it; `times` None: for ever."""
        with self._arrived:
            self._scripts.append((script, when, times))

    def forget(self) -> None:
        """Drops all scripts and what was recorded, for the next test of the same server."""
        with self._arrived:
            self._scripts.clear()
            self.requests.clear()

    def next_script(self, body: Any) -> Script | None:
        """The script for a request; it is used up by that."""
        with self._arrived:
            for index, (script, when, times) in enumerate(self._scripts):
                if when is None or when(body):
                    if times is not None:
                        left = [(script, when, times - 1)] if times > 1 else []
                        self._scripts[index : index + 1] = left
                    return script(body) if callable(script) else script
        return None

    def take(self, recorded: Recorded) -> int:
        """Keeps a request; its number."""
        with self._arrived:
            self.requests.append(recorded)
            self._arrived.notify_all()
            return len(self.requests)

    def messages(self) -> list[Recorded]:
        """The requests for messages, without those for counts and models."""
        return [r for r in list(self.requests) if r.path.endswith(("/messages", "RawPredict"))]

    def wait_for(self, number: int = 1, seconds: float = 5.0) -> list[Recorded]:
        """Blocks until that many requests for messages have come; they are given back."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.messages()) >= number, seconds):
                raise TimeoutError(f"{len(self.messages())} of {number} requests came")
            return self.messages()

    def wait_for_any(self, after: int) -> list[Recorded]:
        """Blocks until there are more requests than `after`, of any kind; the ones after those."""
        with self._arrived:
            self._arrived.wait_for(lambda: len(self.requests) > after)
            return self.requests[after:]

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        # It also ends connections that were just being taken in.
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        wire = Wire(reader, writer)
        task = asyncio.ensure_future(self._talk(wire, self._connections))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _talk(self, wire: Wire, connection: int) -> None:
        answering = Answering(self, wire, connection)
        try:
            while await answering.one():
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            answering.left(time.monotonic())
        except asyncio.CancelledError:
            wire.abort()
            raise
        finally:
            answering.over()
            wire.close()
