"""Documents of our own: texts that a client asks for by a URI of our scheme, or finds on disk."""

import itertools
import logging
import re
from typing import TYPE_CHECKING

from backend_expert.lsp.answers.kept_files import folder
from backend_expert.lsp.calls import Unanswered
from backend_expert.lsp.capabilities import ANSWERS
from backend_expert.lsp.convert import uri_of

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

log = logging.getLogger(__name__)

KEPT = 50  # texts that stay known

_numbers = itertools.count(1)
_texts: dict[str, str] = {}


def name_of(title: str) -> str:
    """A name that no other document of this session has."""
    return f"{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')}-{next(_numbers)}"


def virtual_uri(name: str) -> str:
    """The URI of a virtual document."""
    return f"{ANSWERS}:/answers/{name}.md"


def keep(uri: str, text: str) -> None:
    """Makes `text` the present one of a virtual document."""
    _texts.pop(uri, None)
    _texts[uri] = text
    while len(_texts) > KEPT:
        del _texts[next(iter(_texts))]


def text_of(uri: str) -> str | None:
    """The text of a virtual document; None when it is not known (any more)."""
    return _texts.get(uri)


def written(name: str, text: str) -> str:
    """Writes a document to disk; its URI."""
    path = folder() / f"{name}.md"
    path.write_text(text, encoding="utf-8", errors="replace")
    return uri_of(str(path))


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


async def shown(door: "Door", title: str, text: str) -> str:
    """Shows a whole text as a document of its own; its URI."""
    name = name_of(title)
    if door.client.has("workspace.textDocumentContent"):
        uri = virtual_uri(name)
        keep(uri, text)
    else:
        uri = written(name, text)
    await show(door, uri)
    return uri
