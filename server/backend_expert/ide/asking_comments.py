"""Comments that ask: one that ends with `backend?` is a question, with `backend!` an order."""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from backend_expert.lint.checked import Checked
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document

_MARK = re.compile(r"(?:^|[\s,;:—-]+)backend([?!])\s*$", re.IGNORECASE)


class AskingComment(msgspec.Struct, frozen=True):
    """A comment that asks: where it stands, the code that it is about, and its words."""

    span: Span
    about: Span
    task: Literal["ask", "rewrite"]
    words: str


def asking_comments(checked: Checked) -> Iterator[AskingComment]:
    """All comments of a document that ask, from the top down."""
    document = checked.document
    for at, piece in enumerate(document.pieces):
        if "backend" not in piece.text.lower():
            continue
        start = document.start_of(at)
        for comment in piece.item.comments:
            found = _MARK.search(comment.text)
            if found is not None:
                span = comment.span.moved(start)
                task = "ask" if found[1] == "?" else "rewrite"
                words = " ".join(comment.text[: found.start()].split())
                yield AskingComment(span, _about(document, at, span), task, words)


def _about(document: Document, at: int, comment: Span) -> Span:
    """The statement around a comment, else the one after it; the comment itself at the end."""
    for index in range(at, min(at + 2, len(document.pieces))):
        start = document.start_of(index)
        for statement in document.pieces[index].item.body:
            span = statement.span.moved(start)
            if span.covers(comment) or span.start >= comment.end:
                return span
    return comment
