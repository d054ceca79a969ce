"""Items: the top-level pieces of a file, each read on its own and kept while its text stays.

A file is cut into items (a function, a class's head, a method, a statement). The cut depends on
the text alone, never on how it came to be, so that reading after each keystroke and reading the
whole file give the same items. An item's facts carry spans relative to the item's start.
"""

import msgspec

from backend_expert.facts.code import Statement
from backend_expert.text.span import Span


class Place(msgspec.Struct, frozen=True, gc=False):
    """What an item's text stands in: the class whose body it belongs to, if any.

    `owner` is the class's name, `owner_line` its header as written (so that a changed header is a
    changed place), `indent` the width of the body's indentation.
    """

    owner: str = ""
    owner_line: str = ""
    indent: int = 0


TOP = Place()


class Comment(msgspec.Struct, frozen=True, gc=False):
    """A comment, its text without the marker (`#`, `//`, `/* */`, `--`) and outer blanks."""

    span: Span
    text: str


class Item(msgspec.Struct, frozen=True):
    """The facts of one piece of a file.

    `body` has one statement in most cases. `names` are all the identifiers in it, by which one
    finds what it may depend on. `text` is its source. `faults` are the spans that the parser
    could not read.
    """

    place: Place
    body: tuple[Statement, ...]
    comments: tuple[Comment, ...] = ()
    faults: tuple[Span, ...] = ()
    names: frozenset[str] = frozenset()
    text: str = ""
