"""Edits: a span and what shall stand there instead."""

from collections.abc import Iterable

import msgspec

from backend_expert.text.span import Span


class Edit(msgspec.Struct, frozen=True, gc=False):
    """Replace `span` with `text`; an empty span inserts."""

    span: Span
    text: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """`text` with all `edits` made at once.

    Raises:
        ValueError: two edits overlap, or one lies outside the text.
    """
    done: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        if edit.span.start < at or edit.span.end > len(text):
            raise ValueError(f"edit at {edit.span} overlaps another or leaves the text")
        done += (text[at : edit.span.start], edit.text)
        at = edit.span.end
    return "".join((*done, text[at:]))
