"""Showing an answer: a virtual document that grows while it is written, or a Markdown file."""

import asyncio
import itertools
import logging
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from backend_expert.lsp.calls import Unanswered
from backend_expert.lsp.capabilities import ANSWERS
from backend_expert.lsp.convert import uri_of

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

log = logging.getLogger(__name__)

PAUSE = 0.1  # seconds between two refreshes of a growing answer
KEPT = 50  # answers whose text stays known

_numbers = itertools.count(1)
_texts: dict[str, str] = {}


class Answer:
    """An answer on its way to the person. `add` parts as they come, then `finish`."""

    def __init__(self, door: "Door", title: str) -> None:
        self._door = door
        self._name = f"{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')}-{next(_numbers)}"
        self.is_virtual = door.client.has("workspace.textDocumentContent")
        self.uri = f"{ANSWERS}:/answers/{self._name}.md" if self.is_virtual else ""
        self.text = ""
        self._refresh_at = 0.0

    async def open(self) -> None:
        """Shows the (still empty) answer, where it can grow before the person's eyes."""
        if self.is_virtual:
            self._keep()
            await show(self._door, self.uri)

    async def add(self, text: str) -> None:
        """Adds a part."""
        self.text += text
        if self.is_virtual:
            self._keep()
            now = asyncio.get_running_loop().time()
            if now >= self._refresh_at:
                self._refresh_at = now + PAUSE
                self._refresh()

    async def finish(self) -> None:
        """Shows the whole answer."""
        if self.is_virtual:
            self._keep()
            self._refresh()
        else:
            await self.present()

    async def present(self) -> None:
        """Has before the person's eyes what is there so far, as before asking for a yes."""
        if not self.is_virtual and self.text:
            is_first = not self.uri
            self.uri = _written(self._name, self.text)
            if is_first:
                await show(self._door, self.uri)

    def _keep(self) -> None:
        _texts.pop(self.uri, None)
        _texts[self.uri] = self.text
        while len(_texts) > KEPT:
            del _texts[next(iter(_texts))]

    def _refresh(self) -> None:
        self._door.tasks.start(self._ask_to_refresh())

    async def _ask_to_refresh(self) -> None:
        try:
            await self._door.ask("workspace/textDocumentContent/refresh", {"uri": self.uri})
        except Unanswered:
            log.info("the client did not refresh %s", self.uri)


def text_of(uri: str) -> str | None:
    """The text of an answer, for a client that shows it as a virtual document."""
    return _texts.get(uri)


async def show(door: "Door", uri: str) -> bool:
    """Has the client open a document beside the code; False when it cannot or would not."""
    if not door.client.has("window.showDocument"):
        words = f"Backend Expert: the answer is in {uri}"
        door.notify("window/showMessage", {"type": 3, "message": words})
        return False
    try:
        answer = await door.ask("window/showDocument", {"uri": uri, "takeFocus": False})
    except Unanswered:
        return False
    return bool(isinstance(answer, dict) and answer.get("success"))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


@cache
def _folder() -> Path:
    """This session's own folder; the files stay, since the editor may show them longer than us."""
    return Path(tempfile.mkdtemp(prefix="backend-expert-"))


def _written(name: str, text: str) -> str:
    path = _folder() / f"{name}.md"
    path.write_text(text, encoding="utf-8", errors="replace")
    return uri_of(str(path))
