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

    async def finish(self) -> None:
        """The answer is whole."""
        self.tell("end", outcome="answered")

    def stop(self) -> None:
        """No more will come."""
        self.tell("end", outcome="cancelled")

    def spent(self, spent: Spent) -> None:
        """What it has used so far."""
        self.tell("usage", model=spent.model, tokens=spent.tokens, cost=spent.cost)

    def propose(self, title: str, reason: str, edits: dict[str, Any], after: str) -> None:
        """Edits that wait for `backendExpert.apply`."""
        proposal = {"title": title, "reason": reason, "edits": edits, "after": after}
        self.tell("proposal", proposal=proposal)

    def tell(self, kind: str, **more: Any) -> None:
        """One message of the answer."""
        self._door.notify(ANSWER, {"id": self._id, "kind": kind, **more})
