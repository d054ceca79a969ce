"""Descent: which pieces two versions of a document share, told by the edits between them."""

from collections.abc import Sequence

from backend_expert.flow.known import shared

# So many edits are remembered; who was last seen before them is compared piece by piece.
_REMEMBERED = 64


class Version:
    """One version: that before it, and how many pieces it shares with that at start and end."""

    __slots__ = ("before", "edits", "end", "start")

    def __init__(self, before: "Version | None" = None, start: int = 0, end: int = 0) -> None:
        edits = before.edits + 1 if before is not None else 0
        is_far = edits > _REMEMBERED
        self.before = None if is_far else before
        self.edits = 0 if is_far else edits
        self.start = start
        self.end = end

    def since(self, earlier: "Version") -> tuple[int, int] | None:
        """At least how many pieces this version shares with an earlier one, at start and end."""
        version, start, end = self, None, None
        while version is not earlier:
            start = version.start if start is None else min(start, version.start)
            end = version.end if end is None else min(end, version.end)
            if version.before is None:
                return None
            version = version.before
        return None if start is None or end is None else (start, end)


def shared_by(
    old: Sequence[object], new: Sequence[object], known: tuple[int, int] | None
) -> tuple[int, int]:
    """How many objects two sequences share at start and end, of which so many are `known`."""
    if known is None:
        return shared(old, new)
    start, end = known
    more, most = shared(old[start : len(old) - end], new[start : len(new) - end])
    return start + more, end + most
