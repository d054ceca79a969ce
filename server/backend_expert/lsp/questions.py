"""What commands about the expert carry: plain objects from the client, read with care."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from backend_expert.ide.types import Question
from backend_expert.lsp.convert import span_of
from backend_expert.lsp.settings import table
from backend_expert.text.span import Span

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door


def only_object(arguments: Any) -> dict[str, Any]:
    """The one object that a command was given; an empty one when there is none."""
    if isinstance(arguments, Sequence) and len(cast("Sequence[Any]", arguments)) == 1:
        return table(arguments[0])
    return {}


def question_of(door: "Door", arguments: Any) -> Question:
    """The question in a command's arguments: `uri`, `task`, maybe `range` or `span`, and `words`.

    Raises:
        ValueError: they are not that, or the file is not open.
    """
    request = only_object(arguments)
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


def id_of(arguments: Any) -> str:
    """The conversation that a command is about.

    Raises:
        ValueError: none is named.
    """
    id = only_object(arguments).get("id")
    if not isinstance(id, str) or not id:
        raise ValueError("it wants one object with an id")
    return id


def words_of(arguments: Any) -> str:
    """The words of a follow-up.

    Raises:
        ValueError: there are none.
    """
    words = only_object(arguments).get("words")
    if not isinstance(words, str) or not words.strip():
        raise ValueError("it wants words")
    return words.strip()
