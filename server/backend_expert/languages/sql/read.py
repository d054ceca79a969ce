"""Strings to queries: the SQL in a string literal, its holes and its parameters."""

import logging
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import msgspec
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError, SqlglotError

from backend_expert.facts.code import Fragment, Hole, Text
from backend_expert.facts.query import Piece, Placeholder, Position, Query, QueryHole
from backend_expert.languages.sql.lexing import HOLE
from backend_expert.languages.sql.looks import FIRST, verb_of
from backend_expert.languages.sql.slots import Mark, marks_in
from backend_expert.languages.sql.standing import FILLINGS, NAME, VALUE, Filling, standing
from backend_expert.languages.sql.statements import split_statements
from backend_expert.text.span import Span

LONGEST = 50_000
_ATTEMPTS = 14
# Styles that the host language fills in as text, so that anything may be meant.
_FREE = frozenset(("", "{}", "%s", "%d"))

# sqlglot says on the log what it cannot read in full; here the tree says it (exp.Command).
logging.getLogger("sqlglot").addFilter(lambda record: record.levelno >= logging.ERROR)


def read_query(text: Text | Sequence[Fragment | Hole], dialect: str) -> Query | None:
    """The SQL statement in a string, the first where there are several; None when it is no SQL."""
    queries = read_queries(text, dialect)
    return queries[0] if queries else None


def read_queries(text: Text | Sequence[Fragment | Hole], dialect: str) -> list[Query]:
    """All SQL statements in a string (parts of a Text, or of several joined)."""
    parts = text.parts if isinstance(text, Text) else text
    if not parts or not _may_be_sql(parts):
        return []
    source = Source(parts)
    if source.is_odd or verb_of(source.raw, dialect) is None:
        return []
    cuts = split_statements(source.raw) if ";" in source.raw else [(0, len(source.raw))]
    queries = [_read(source, start, end, dialect) for start, end in cuts]
    return [query for query in queries if query is not None]


def _may_be_sql(parts: Sequence[Fragment | Hole]) -> bool:
    first = parts[0]
    if isinstance(first, Fragment):
        if FIRST.match(first.value):
            return True
        if len(parts) == 1:
            return False
    raw = "".join(HOLE if isinstance(part, Hole) else part.value for part in parts[:40])
    return FIRST.match(raw) is not None


class Source:
    """The raw text of a string, each hole a NUL, with where its runs come from."""

    def __init__(self, parts: Sequence[Fragment | Hole]) -> None:
        self.holes: dict[int, Hole] = {}
        self.runs: list[Piece] = []
        raw: list[str] = []
        at = 0
        for part in parts:
            value = HOLE if isinstance(part, Hole) else part.value
            if isinstance(part, Hole):
                self.holes[at] = part
            self.runs.append(Piece(at, at + len(value), part.span))
            raw.append(value)
            at += len(value)
        self.raw = "".join(raw)
        # A NUL of the string's own: no database takes it.
        self.is_odd = self.raw.count(HOLE) != len(self.holes)


def _read(source: Source, start: int, end: int, dialect: str) -> Query | None:
    raw = source.raw[start:end]
    if not raw.strip():
        return None
    if len(raw) > LONGEST:
        span = Span(source.runs[0].span.start, source.runs[-1].span.end)
        error = f"longer than {LONGEST:,} characters"
        return Query(raw[:200], None, dialect, span, (), error=error)
    draft = _drafted(raw, dialect)
    if draft.tree is None and not draft.is_certain:
        return None
    return _finished(source, start, draft, dialect)


# Half the statements of a project are there twice, or are a constant that several calls run.
@lru_cache(maxsize=128)
def _drafted(raw: str, dialect: str) -> "Draft":
    """A statement as it was parsed. Nobody changes the tree, so many queries may share it."""
    marks = marks_in(raw, dialect)
    draft = Draft(raw, marks, [standing(raw, mark) for mark in marks])
    draft.parse(dialect)
    return draft


class Draft:
    """A raw text with a way to fill each of its slots; parsing may change the ways.

    tree: what parsing gave, None with the `error` when it gave nothing. shared: see `Query`.
    """

    def __init__(self, raw: str, marks: list[Mark], fillings: list[Filling]) -> None:
        self.raw = raw
        self.marks = marks
        self.fillings = fillings
        self.tried = [{filling} for filling in fillings]
        self.tree: exp.Expr | None = None
        self.error = ""
        self.shared: dict[str, Any] = {}

    @property
    def is_certain(self) -> bool:
        """Whether it is SQL even if it cannot be parsed: it has more than words in it."""
        return bool(self.marks) or any(sign in self.raw for sign in "=(*;'\"`,<>")

    def fill(self) -> tuple[str, list[tuple[int, int]]]:
        """The text with the slots filled, and where each slot's word now stands."""
        done: list[str] = []
        places: list[tuple[int, int]] = []
        at = length = 0
        for number, (mark, filling) in enumerate(zip(self.marks, self.fillings, strict=True)):
            word = self._word(mark, filling, number)
            done += (self.raw[at : mark.start], word)
            length += mark.start - at
            places.append((length, length + len(word)))
            length += len(word)
            at = mark.end
        return "".join((*done, self.raw[at:])), places

    def _word(self, mark: Mark, filling: Filling, number: int) -> str:
        if mark.style == "%%":
            return "%"
        if mark.quote and mark.style:
            return self.raw[mark.start : mark.end]
        return filling[1].format(number)

    def parse(self, dialect: str) -> None:
        """Finds the tree, or what is wrong, trying other ways to fill the slots."""
        error, guessed = "", list(self.fillings)
        for _ in range(_ATTEMPTS):
            text, places = self.fill()
            expression, problem, offset = _parsed(text, dialect)
            if expression is not None:
                self.tree = expression
                return
            error = error or problem
            if not self._vary(places, offset):
                break
        self.fillings = guessed
        self.error = error

    def _vary(self, places: list[tuple[int, int]], offset: int) -> bool:
        """Fill one slot another way: the last one before the error that has a way left."""
        order = sorted(range(len(places)), key=lambda at: (places[at][0] > offset, -places[at][0]))
        for at in order:
            if self.marks[at].quote or self.marks[at].style == "%%":
                continue
            all_ways = FILLINGS if self.marks[at].style in _FREE else (NAME, VALUE)
            ways = [way for way in all_ways if way not in self.tried[at]]
            if ways:
                self.fillings[at] = ways[0]
                self.tried[at].add(ways[0])
                return True
        return False


@cache
def _dialect(name: str) -> Dialect:
    return Dialect.get_or_raise(name)


def _parsed(text: str, dialect: str) -> tuple[exp.Expr | None, str, int]:
    """The tree of one statement, or None with the error and its offset."""
    if text.lstrip()[:7].upper() == "REPLACE":
        # sqlglot knows REPLACE INTO as a mere command; it is an INSERT of the same length.
        at = len(text) - len(text.lstrip())
        text = f"{text[:at]}INSERT {text[at + 7 :]}"
    try:
        trees = _dialect(dialect).parse(text, error_message_context=len(text))
    except ParseError as error:
        first = error.errors[0] if error.errors else {}
        offset = len(first.get("start_context") or "")
        near = " ".join(text[offset : offset + 40].split())
        return None, f"not understood near `{near}`" if near else "it ends too early", offset
    except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, KeyError) as error:
        return None, f"{type(error).__name__}: {error}".split("\n")[0][:200], len(text)
    tree = next((tree for tree in trees if tree is not None), None)
    return tree, "" if tree is not None else "empty statement", len(text)


def _finished(source: Source, start: int, draft: Draft, dialect: str) -> Query:
    text, places = draft.fill()
    runs = _Runs(source.runs, start)
    pieces: list[Piece] = []
    holes: list[QueryHole] = []
    placeholders: list[Placeholder] = []
    at = done = 0
    for mark, filling, (low, high) in zip(draft.marks, draft.fillings, places, strict=True):
        pieces += runs.between(at, mark.start, done)
        span = runs.span(mark.start, mark.end)
        pieces.append(Piece(low, high, span))
        at, done = mark.end, high
        place: tuple[int, int, Span, Position, bool] = (
            low, high, span, filling[0], mark.quote in ("'", '"'),
        )  # fmt: skip
        if mark.style == "":
            holes.append(QueryHole(*place, source.holes[start + mark.start].value))
        elif mark.style != "%%":
            placeholders.append(Placeholder(*place, mark.style, mark.name))
    pieces += runs.between(at, len(draft.raw), done)
    return Query(
        text,
        draft.tree,
        dialect,
        runs.span(0, len(draft.raw)),
        tuple(pieces),
        tuple(holes),
        tuple(placeholders),
        draft.error,
        shared=draft.shared,
    )


class _Runs:
    """The runs of a source, seen from a statement that starts at `offset` in it."""

    def __init__(self, runs: list[Piece], offset: int) -> None:
        self.runs = [
            msgspec.structs.replace(r, start=r.start - offset, end=r.end - offset) for r in runs
        ]

    def between(self, start: int, end: int, at: int) -> list[Piece]:
        """The pieces of raw[start:end] when that stands at `at` in the text."""
        pieces: list[Piece] = []
        for run in self.runs:
            low, high = max(run.start, start), min(run.end, end)
            if low < high:
                pieces.append(Piece(low - start + at, high - start + at, _part(run, low, high)))
        return pieces

    def span(self, start: int, end: int) -> Span:
        """The host span of raw[start:end]."""
        found = [run for run in self.runs if run.start < end and start < run.end]
        if not found:
            edge = self.runs[-1].span.end
            return Span(edge, edge)
        first, last = found[0], found[-1]
        low = _part(first, max(first.start, start), first.end).start
        return Span(low, _part(last, last.start, min(last.end, end)).end)


def _part(run: Piece, low: int, high: int) -> Span:
    """The host span of a run's part; a run that maps as a whole is given whole."""
    if len(run.span) != run.end - run.start:
        return run.span
    return Span(run.span.start + low - run.start, run.span.start + high - run.start)
