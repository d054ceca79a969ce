"""What the server is doing, told to a client that shows it: checks, questions, what models cost."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

CAPABILITY = "experimental.backendExpert"
STATUS = "backendExpert/status"
WORTH_TELLING = 0.5  # seconds: what is done sooner would only make the status flicker


class Doing:
    """Everything under way in one session. A question comes before a check: a person waits."""

    def __init__(self, door: "Door") -> None:
        self._door = door
        self._asked: dict[str, str] = {}  # titles of the answers under way
        self._costs: dict[str, float] = {}  # and what they have cost so far, in USD
        self._checks: list[str] = []
        self._told: dict[str, Any] = {"state": "idle"}

    @contextmanager
    def checking(self, what: str) -> Generator[None]:
        """Something is checked, `what` in words; short checks are not told."""
        late = asyncio.get_running_loop().call_later(WORTH_TELLING, self._began, what)
        try:
            yield
        finally:
            late.cancel()
            if what in self._checks:
                self._checks.remove(what)
                self.tell()

    def _began(self, what: str) -> None:
        self._checks.append(what)
        self.tell()

    def asks(self, id: str, title: str) -> None:
        """The answer to a question begins."""
        self._asked[id] = title
        self.tell()

    def spends(self, id: str, cost: float | None) -> None:
        """What an answer has cost so far, where that is known."""
        if cost is not None:
            self._costs[id] = cost
            self.tell()

    def asked(self, id: str) -> None:
        """An answer has ended; what it has cost is on the gate's account by now."""
        self._costs.pop(id, None)
        if self._asked.pop(id, None) is not None:
            self.tell()

    def tell(self) -> None:
        """Tells the client, if it is something new."""
        now = self._now()
        if now != self._told and self._door.client.has(CAPABILITY):
            self._told = now
            self._door.notify(STATUS, now)

    def _now(self) -> dict[str, Any]:
        asked, checks = tuple(self._asked.values()), tuple(self._checks)
        state = "asking" if asked else "checking" if checks else "idle"
        detail = (asked or checks or ("",))[-1]
        cost = self._door.asking.spent + sum(self._costs.values())
        parts = {"detail": detail, "cost": round(cost, 6)}
        return {"state": state, **{name: part for name, part in parts.items() if part}}
