"""Our own requests to the client: each is answered, or given up after a while with one log line."""

import asyncio
import itertools
import logging
from collections.abc import Callable
from typing import Any, cast

from backend_expert.lsp.wire import encode

log = logging.getLogger(__name__)

SOON = 10.0  # seconds that a client gets for what needs no person
A_PERSON = 600.0  # and for what may wait for one


class Unanswered(Exception):
    """The client did not answer in time, or answered with an error."""


class Calls:
    """The requests under way to the client."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._ids = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._given_up: set[str] = set()  # an answer to these may come late

    async def ask(self, method: str, params: Any, patience: float = SOON) -> Any:
        """The client's answer.

        Raises:
            Unanswered: there is none, which the log then tells.
        """
        name = f"backend-expert-{next(self._ids)}"
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[name] = answer
        self._send(encode({"jsonrpc": "2.0", "id": name, "method": method, "params": params}))
        try:
            return await asyncio.wait_for(answer, patience)
        except asyncio.CancelledError:
            cancel = {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": name}}
            if name in self._waiting:  # the connection is still there
                self._send(encode(cancel))
            raise
        except TimeoutError:
            log.warning("the client did not answer %s within %g s; going on", method, patience)
            raise Unanswered(method) from None
        finally:
            self._waiting.pop(name, None)
            if not answer.done() or answer.cancelled():
                self._given_up.add(name)

    def answered(self, message: dict[str, Any]) -> bool:
        """Takes a response in; False when nobody waits for it here."""
        name = str(message.get("id"))
        answer = self._waiting.get(name)
        if answer is None or answer.done():
            is_late = name in self._given_up
            self._given_up.discard(name)
            return is_late
        error = message.get("error")
        if error is None:
            answer.set_result(message.get("result"))
        else:
            log.warning("the client refused a request: %s", error)
            answer.set_exception(Unanswered(_words(error)))
        return True

    def give_up(self) -> None:
        """Ends all waiting; the connection is gone."""
        for answer in self._waiting.values():
            answer.cancel()
        self._given_up.update(self._waiting)
        self._waiting.clear()


def _words(error: Any) -> str:
    """What an error says, as the client has put it."""
    told: Any = cast("dict[str, Any]", error).get("message") if isinstance(error, dict) else error
    return str(told or "no reason was given")
