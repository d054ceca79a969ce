"""Reads SQL files: one statement is one item, its text one literal."""

import re

from backend_expert.facts.code import Fragment, Opaque, Statement, Text
from backend_expert.facts.item import TOP, Comment, Item, Place
from backend_expert.languages.reader import Cut
from backend_expert.languages.sql.statements import comments_of, statement_at, without_quotes
from backend_expert.text.span import Span

_NAMES = re.compile(r"\"([^\"\n]+)\"|`([^`\n]+)`|([^\W\d]\w*)")


class SqlReader:
    """A file's statements. The place of an item remembers what DELIMITER was last set to."""

    language = "sql"

    def next_cut(self, text: str, start: int, place: Place) -> Cut:
        """The statement from `start` on, with the comments before it and on its last line."""
        statement = statement_at(text, start, _delimiter(place))
        return Cut(start, max(statement.end, start), _place(statement.delimiter))

    def lower(self, text: str, place: Place) -> Item:
        """A `Text` with the statement, without what ends it; commands of a client are Opaque."""
        # What follows a semicolon in the file ends an open string; here it has to be said again.
        following = f"{text}\nSELECT " if text.rstrip().endswith(";") else text
        statement = statement_at(following, 0, _delimiter(place))
        span = Span(statement.start, statement.stop)
        body: tuple[Statement, ...] = ()
        if statement.kind == "command":
            body = (Opaque(span, "command"),)
        elif statement.kind == "sql" and span.start < span.end <= len(text):
            body = (Text(span, (Fragment(span, text[span.start : span.end]),)),)
        # Data after COPY is not searched for comments and names.
        code = text[: statement.stop]
        last = text[statement.stop :].split("\n", 1)[0]
        comments = [*comments_of(code), *_moved(last, statement.stop)]
        return Item(
            place,
            body,
            tuple(Comment(Span(start, end), words) for start, end, words in comments),
            names=_names(code),
        )


def _moved(text: str, by: int) -> list[tuple[int, int, str]]:
    return [(start + by, end + by, words) for start, end, words in comments_of(text)]


def _names(code: str) -> frozenset[str]:
    return frozenset(a or b or c for a, b, c in _NAMES.findall(without_quotes(code)))


def _delimiter(place: Place) -> str:
    return place.owner_line or ";"


def _place(delimiter: str) -> Place:
    return TOP if delimiter == ";" else Place(owner_line=delimiter)
