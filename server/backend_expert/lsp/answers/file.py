"""An answer as a Markdown file in a temporary folder, written anew while it grows."""

from typing import TYPE_CHECKING

from backend_expert.lsp.answers import documents
from backend_expert.lsp.answers.pace import Pace
from backend_expert.lsp.notices import warn

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door


class FileAnswer:
    """For clients that show files only; most of them read a file again when it changes."""

    def __init__(self, door: "Door", name: str) -> None:
        self._door = door
        self._name = name
        self.uri = ""
        self.text = ""
        self._is_lost = False
        self._pace = Pace(self._write)

    async def open(self) -> None:
        """Nothing is shown until there is something to read."""

    async def add(self, text: str) -> None:
        """Adds a part; the first one opens the file."""
        self.text += text
        if self.text.strip():
            self._pace.step()
            await self._show()

    async def present(self) -> None:
        """Has before the person's eyes what is there so far, as before asking for a yes."""
        if self.text:
            self._pace.end()
            await self._show()

    async def finish(self, why_failed: str = "") -> None:
        """Shows the whole answer."""
        await self.present()

    def stop(self, why_failed: str = "") -> None:
        """No more will come."""
        self._pace.stop()

    async def _show(self) -> None:
        if not self.uri and not self._is_lost:
            self._is_lost = not self._written()
            if self.uri:
                await documents.show(self._door, self.uri)

    def _write(self) -> None:
        if self.uri:
            self._written()

    def _written(self) -> bool:
        """Writes the file; a full disk costs the person the file, but not the answer."""
        try:
            self.uri = documents.written(self._name, self.text)
        except OSError as error:
            if not self._is_lost:
                self._is_lost = True
                warn(self._door, f"the answer cannot be shown as a file: {error.strerror}.")
            return False
        return True
