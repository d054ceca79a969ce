"""Two small readers that cut as real ones do, so that documents can be tested without a parser."""

import re

from backend_expert.facts.item import TOP, Item, Place
from backend_expert.languages.reader import Cut
from backend_expert.text.lines import LINE_END

LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")


class Indented:
    """Python in the small: items by indentation, methods in a class's place, `\"\"\"` swallows."""

    language = "indented"

    def __init__(self) -> None:
        self.cuts = 0
        self.lowered: list[str] = []

    def next_cut(self, text: str, start: int, place: Place) -> Cut:
        self.cuts += 1
        found = LINE.match(text, start)
        line, end = found.group(), found.end()
        indent = _indent(line)
        where = place if indent and place.owner else TOP
        if line.startswith("class "):
            return Cut(start, end, Place(line[6:].strip(" :\r\n"), line.rstrip(), 4))
        quoted = line.count('"""') % 2
        while end < len(text):
            found = LINE.match(text, end)
            line = found.group()
            if not quoted and line.strip() and _indent(line) <= indent:
                break
            quoted ^= line.count('"""') % 2
            end = found.end()
        return Cut(start, end, where)

    def lower(self, text: str, place: Place) -> Item:
        self.lowered.append(text)
        return Item(place, (), names=frozenset(re.findall(r"\w+", text)))


class Semicolons:
    """Items end at `;` or a line end, so several share a line; `#` opens a place, `!` closes it.

    A `?` further on in the line makes the rest of the line one item: a look at what follows.
    """

    language = "semicolons"

    def next_cut(self, text: str, start: int, place: Place) -> Cut:
        found = re.compile(r"[^;\r\n]*(?:;|\r|\n|\Z)").match(text, start)  # parts \r\n on purpose
        end = found.end()
        rest = LINE.match(text, end)
        if text[end - 1 : end] == ";" and "?" in rest.group():
            end = rest.end()
        if text.startswith("#", start):
            place = Place(text[start:end])
        elif text.startswith("!", start):
            place = TOP
        return Cut(start, end, place)

    def lower(self, text: str, place: Place) -> Item:
        return Item(place, ())


class Broken:
    """A reader in which everything raises."""

    language = "broken"

    def next_cut(self, text: str, start: int, place: Place) -> Cut:
        raise RuntimeError("cannot cut")

    def lower(self, text: str, place: Place) -> Item:
        raise RuntimeError("cannot lower")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def line_starts(text: str) -> list[int]:
    """Where the lines of a text start, worked out on the whole text."""
    return [0, *(found.end() for found in LINE_END.finditer(text))]
