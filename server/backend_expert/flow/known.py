"""What a file's readings have found out, and which of it an edit makes doubtful.

Readings ask questions (`("name", "conn")`, `("member", "Order", "save")`); who asked what is
remembered, so that an edit of one item leads straight to the readings that may change with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from operator import is_

from backend_expert.facts.item import Item
from backend_expert.flow.outline import Part
from backend_expert.flow.reading import Reading

Question = tuple[str, ...]
Depth = tuple[int, int]
TOP: Depth = (2, 3)


class Known:
    """Readings by item, answers by question, and who asked; handed on from version to version."""

    __slots__ = ("_asked", "_members", "answers", "readings")

    def __init__(self) -> None:
        self.readings: dict[int, dict[Depth, Reading]] = {}
        self.answers: dict[Question, dict[Depth, object]] = {}
        self._asked: dict[Question, set[int]] = {}
        # Questions about members, by the member's name and by the class that was asked.
        self._members: dict[str, set[Question]] = {}

    def top(self, item: Item, depth: Depth) -> Reading | None:
        """An item's reading, if it was made."""
        return self.readings.get(id(item), {}).get(depth)

    def note(self, item: Item, reading: Reading) -> None:
        """Remembers what a reading asked."""
        for question in reading.uses:
            askers = self._asked.get(question)
            if askers is None:
                askers = self._asked[question] = set()
                if question[0] == "member":
                    self._members.setdefault(question[1], set()).add(question)
                    self._members.setdefault("." + question[2], set()).add(question)
            askers.add(id(item))

    def forget(self, item: Item) -> dict[Depth, Reading]:
        """Drops an item's readings, and what they asked; the readings."""
        dropped = self.readings.pop(id(item), {})
        for reading in dropped.values():
            for question in reading.uses:
                askers = self._asked.get(question)
                if askers is not None:
                    askers.discard(id(item))
        return dropped

    def stale(
        self, changed: Sequence[Part], parts: dict[int, Part]
    ) -> dict[int, dict[Depth, Reading]]:
        """Drops every answer and reading that the change of some parts may touch.

        Returns the readings that were dropped, by item: each still holds if its questions are
        answered as before.
        """
        found: dict[int, dict[Depth, Reading]] = {}
        waiting = list(changed)
        done: set[Question] = set()
        while waiting:
            for question in self._about(waiting.pop()):
                if question in done:
                    continue
                done.add(question)
                self.answers.pop(question, None)
                for asker in list(self._asked.get(question, ())):
                    if asker in found or asker not in parts:
                        continue
                    readings = self.readings.get(asker, {})
                    item = next(iter(readings.values())).item if readings else None
                    found[asker] = self.forget(item) if item is not None else {}
                    waiting.append(parts[asker])
        return found

    def _about(self, part: Part) -> Iterator[Question]:
        """The questions whose answers an item's part of the outline may decide."""
        for name in part.names:
            yield ("name", name)
            yield ("summary", name)
            yield ("bases", name)
            yield from self._members.get(name, ())
        for owner, methods in part.methods.items():
            yield ("bases", owner)
            for name in methods:
                yield ("summary", f"@{owner}.{name}")
                yield from self._members.get("." + name, ())
        for attributes in part.attributes.values():
            for name in attributes:
                yield from self._members.get("." + name, ())


def shared(old: Sequence[object], new: Sequence[object]) -> tuple[int, int]:
    """How many objects two sequences share at their start, and at their end after that."""
    most = min(len(old), len(new))
    start = _same(old, new)
    return start, min(_same(reversed(old), reversed(new)), most - start)


def _same(one: Iterable[object], other: Iterable[object]) -> int:
    """How many objects are the same from the start on. No step of it is Python's own."""
    return sum(takewhile(bool, map(is_, one, other)))
