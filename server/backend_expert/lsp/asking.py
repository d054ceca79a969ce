"""Asking the expert: the answer streams into a document, proposed edits wait for a yes."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from backend_expert.ide.types import Proposal, Question, Said
from backend_expert.lsp.apply import apply
from backend_expert.lsp.convert import span_of
from backend_expert.lsp.settings import table
from backend_expert.lsp.show import Answer
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Snapshot

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door
    from backend_expert.lsp.tasks import Token

log = logging.getLogger(__name__)

Ask = Callable[[Snapshot, Question], AsyncIterator[Said | Proposal]]


def request_of(door: "Door", arguments: Any) -> Question:
    """The question in a command's arguments.

    Raises:
        ValueError: they are not what `backendExpert.ask` takes, or the file is not open.
    """
    request: dict[str, Any] = {}
    if isinstance(arguments, Sequence) and len(cast("Sequence[Any]", arguments)) == 1:
        request = table(arguments[0])
    uri, task = request.get("uri"), request.get("task")
    if not isinstance(uri, str) or not isinstance(task, str):
        raise ValueError("it wants one object with a uri and a task")
    document = door.snapshot().document(uri)
    if document is None:
        raise ValueError(f"{uri} is not open")
    span = Span(0, document.end_of_file)
    match request.get("span"):
        case [int(start), int(end)]:
            start = min(max(start, 0), document.end_of_file)
            span = Span(start, min(max(start, end), document.end_of_file))
        case _:
            pass
    if request.get("range") is not None:
        try:
            span = span_of(document, request["range"], door.client.encoding)
        except (KeyError, TypeError):
            raise ValueError("its range is no range") from None
    return Question(task, uri, span, str(request.get("words") or ""))


async def ask(door: "Door", question: Question, token: "Token | None") -> dict[str, Any]:
    """Streams the answer before the person's eyes and offers the edits that come with it."""
    # The persona is loaded when it is first asked something.
    answer_of: Ask = import_module("backend_expert.persona.expert").ask
    snapshot = _apart(door.snapshot(), question.uri)
    applied = 0
    async with door.tasks.progress("Backend Expert is thinking", token) as progress:
        answer = Answer(door, question.task)
        await answer.open()
        async for part in answer_of(snapshot, question):
            if isinstance(part, Proposal):
                await answer.present()
                progress.report("waiting for your yes")
                applied += await apply(door, part.edits, part.title)
            else:
                await answer.add(part.text)
                progress.report(f"{len(answer.text)} characters")
            await asyncio.sleep(0)  # a keystroke, or the cancel button, may come in between
        await answer.finish()
    return {"uri": answer.uri, "text": answer.text, "applied": applied}


def _apart(snapshot: Snapshot, uri: str) -> Snapshot:
    """The same with the document on a line of its own.

    What is known of a version is used up by the next one, which a keystroke may bring while the
    answer is still being made.
    """
    document = snapshot.document(uri)
    if document is None:
        return snapshot
    text = document.text
    return snapshot.including(
        Document.open(
            uri,
            text,
            path=document.path,
            language=document.language,
            version=document.version,
        )
    )
