"""Completing: the client asks a model that it has itself, and tells the answer in parts."""

import asyncio
import itertools
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any, cast

import msgspec

from backend_expert.lsp.calls import A_PERSON, Unanswered

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.persona.borrowed import Complete, Lent, Message

COMPLETE = "backendExpert/complete"
CAPABILITY = "experimental.backendExpert.completes"


class Completing:
    """The questions that the client is asking its model."""

    def __init__(self, door: "Door") -> None:
        self._door = door
        self._ids = itertools.count(1)
        self._parts: dict[str, asyncio.Queue[str | None]] = {}

    @property
    def offered(self) -> "Complete | None":
        """How to ask the client's model, where it says that it has one."""
        return self.complete if self._door.client.has(CAPABILITY) else None

    async def complete(
        self, messages: "tuple[Message, ...]", most: int
    ) -> "AsyncGenerator[str | Lent]":
        """The answer in parts, and who gave it. Closing it has the client stop.

        Raises:
            Unlent: the client did not ask, or its model failed.
        """
        from backend_expert.persona.borrowed import Lent, Unlent

        name, parts = f"completion-{next(self._ids)}", asyncio.Queue[str | None]()
        self._parts[name] = parts
        told = {"id": name, "messages": msgspec.to_builtins(messages), "maxTokens": most}
        asked = asyncio.ensure_future(self._door.ask(COMPLETE, told, A_PERSON))
        asked.add_done_callback(lambda _: parts.put_nowait(None))
        try:
            while (part := await parts.get()) is not None:
                yield part
            result = await asked
        except Unanswered as error:
            raise Unlent(str(error)) from error
        finally:
            del self._parts[name]
            asked.cancel()
        model = cast("dict[str, Any]", result).get("model") if isinstance(result, dict) else None
        yield Lent(str(model or ""))

    def heard(self, name: str, text: str) -> None:
        """A part of an answer has come."""
        if (parts := self._parts.get(name)) is not None:
            parts.put_nowait(text)
