"""Edits of one version of a text, carried over to a later one that differs elsewhere."""

from collections.abc import Sequence

from backend_expert.ide.actions import difference
from backend_expert.text.edit import Edit


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
