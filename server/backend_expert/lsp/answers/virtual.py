"""An answer as a virtual document, which grows before the person's eyes."""

import logging
from typing import TYPE_CHECKING

from backend_expert.lsp.answers import documents
from backend_expert.lsp.answers.pace import Pace
from backend_expert.lsp.calls import Unanswered

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

log = logging.getLogger(__name__)


class VirtualAnswer:
    """For clients that show documents of a server's own scheme."""

    def __init__(self, door: "Door", name: str) -> None:
        self._door = door
        self.uri = documents.virtual_uri(name)
        self.text = ""
        self._pace = Pace(self._refresh)

    async def open(self) -> None:
        """Shows the answer, still empty."""
        documents.keep(self.uri, self.text)
        await documents.show(self._door, self.uri)

    async def add(self, text: str) -> None:
        """Adds a part."""
        self.text += text
        documents.keep(self.uri, self.text)
        self._pace.step()

    async def present(self) -> None:
        """Has before the person's eyes what is there so far, as before asking for a yes."""
        self._pace.step()

    async def finish(self, why_failed: str = "") -> None:
        """Shows the whole answer."""
        documents.keep(self.uri, self.text)
        self._pace.end()

    def stop(self, why_failed: str = "") -> None:
        """No more will come."""
        self._pace.stop()

    def _refresh(self) -> None:
        self._door.tasks.start(self._ask_to_refresh())

    async def _ask_to_refresh(self) -> None:
        try:
            await self._door.ask("workspace/textDocumentContent/refresh", {"uri": self.uri})
        except Unanswered:
            log.info("the client did not refresh %s", self.uri)
