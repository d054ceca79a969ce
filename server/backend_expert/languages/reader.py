"""What a reader is: it cuts a text into items and lowers each into facts."""

from typing import Protocol

import msgspec

from backend_expert.facts.item import Item, Place


class Cut(msgspec.Struct, frozen=True, gc=False):
    """One item's text in a file: `[start, end)` in code points, and the place it stands in."""

    start: int
    end: int
    place: Place


class Reader(Protocol):
    """A language's reader. Stateless and total: any text gives cuts, any cut gives facts."""

    language: str

    def next_cut(self, text: str, start: int, place: Place) -> Cut:
        """The item that starts at `start`, and only that one.

        `place` is the place of the item before it (`TOP` at the start of a file). The answer
        depends on nothing but `text[start:]` up to the first line of the following item, and on
        `place`: that is what lets an edit be re-cut from the item before it and stop as soon as
        a cut meets an old one. The cuts of a text cover it without gaps.
        """
        ...

    def lower(self, text: str, place: Place) -> Item:
        """The facts of one item's text. Never raises: what cannot be read is `Opaque`."""
        ...
