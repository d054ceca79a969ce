"""An answer for a client that shows answers itself: it is told each part as it comes."""

from typing import TYPE_CHECKING, Any

from backend_expert.ide.types import Spent

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

ANSWER = "backendExpert/answer"


class ClientAnswer:
    """For clients that say so in their experimental capabilities."""

    def __init__(self, door: "Door", id: str, title: str) -> None:
        self._door = door
        self._id = id
        self._title = title
        self.uri = ""
        self.text = ""

    async def open(self) -> None:
        """The answer begins."""
        self.tell("begin", title=self._title)

    async def add(self, text: str) -> None:
        """Adds a part."""
        self.text += text
        self.tell("text", text=text)

    async def present(self) -> None:
        """All that is there has been told."""

    async def finish(self, why_failed: str = "") -> None:
        """All has been said; `why_failed` when the model did not say it."""
        self._end("failed" if why_failed else "answered", why_failed)

    def stop(self, why_failed: str = "") -> None:
        """No more will come: it was cancelled, or something failed."""
        self._end("failed" if why_failed else "cancelled", why_failed)

    def spent(self, spent: Spent) -> None:
        """What it has used so far."""
        self.tell("usage", model=spent.model, tokens=spent.tokens, cost=spent.cost)

    def propose(self, title: str, reason: str, edits: dict[str, Any], after: str) -> None:
        """Edits that wait for `backendExpert.apply`."""
        proposal = {"title": title, "reason": reason, "edits": edits, "after": after}
        self.tell("proposal", proposal=proposal)

    def _end(self, outcome: str, reason: str) -> None:
        self.tell("end", outcome=outcome, **({"text": reason} if reason else {}))

    def tell(self, kind: str, **more: Any) -> None:
        """One message of the answer."""
        self._door.notify(ANSWER, {"id": self._id, "kind": kind, **more})
