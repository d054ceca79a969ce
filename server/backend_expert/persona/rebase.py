"""Edits of one version of a text, carried over to a later one that differs elsewhere."""

from collections.abc import Sequence

from backend_expert.ide.actions import difference
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span


def rebased(before: str, now: str, edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
    """The same edits in `now`; None where a line that they touch, or one beside it, has changed."""
    if before == now:
        return tuple(edits)
    changes = list(difference(before, now))
    moved: list[Edit] = []
    for edit in edits:
        if any(change.span.overlaps(edit.span) for change in changes):
            return None
        shift = sum(
            len(change.text) - len(change.span)
            for change in changes
            if change.span.end < edit.span.start
        )
        moved.append(Edit(edit.span.moved(shift), edit.text))
    return tuple(moved)


def span_in(before: str, now: str, span: Span) -> Span:
    """Where a span of one text lies in a later one.

    Lines put before or after it are outside; where a line at one of its ends was replaced, all
    that stands there now is inside.
    """
    start, end = span.start, span.end
    shift_start = shift_end = 0
    for change in difference(before, now):
        grown = len(change.text) - len(change.span)
        if change.span.end <= start:
            shift_start += grown
            shift_end += grown
        elif change.span.start < end:
            shift_start += min(change.span.start - start, 0)
            shift_end += grown + max(change.span.end - end, 0)
    return Span(start + shift_start, max(start + shift_start, end + shift_end))
