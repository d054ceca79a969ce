"""Where one SQL statement ends and the next begins, whatever the database.

Read are: quotes, dollar quotes, comments, MySQL's DELIMITER, bodies in BEGIN … END, psql's
commands (`\\d`) and the data after COPY … FROM STDIN. Broken text is cut too: a string that never
closes ends where a line begins a new statement after a semicolon.
Comments within comments (PostgreSQL only) are not read as such.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal as OneOf

import msgspec

from backend_expert.languages.patterns import compiled

_NEXT = (
    r"(?:CREATE|ALTER|DROP|INSERT|UPDATE|DELETE|SELECT|WITH|TRUNCATE|COMMENT|GRANT|REVOKE|BEGIN"
    r"|COMMIT)"
)
_BLANK_LINES = r"(?:[ \t]*(?:\r\n|\n|\r))*+"
_AGAIN = rf";[ \t]*(?:--[^\r\n]*+)?(?:\r\n|\n|\r){_BLANK_LINES}(?={_NEXT}\s)"
_COMMENT = r"--[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|\#(?!>|-(?!-))[^\n]*+"
# A backslash before a quote escapes it in MySQL only; what follows the quote tells.
_STRING = (
    rf"'(?:[^'\\;]++|''|\\\\|\\'(?!\s*(?:[,;)]|\Z))|\\|;(?!(?<=;){_AGAIN[1:]}))*+(?:'|(?=;)|\Z)"
)
_NAME = r'"[^"]*+(?:"|\Z)|`[^`]*+(?:`|\Z)'
_DOLLAR = r"(?<!\w)\$(?P<tag>[A-Za-z_]\w*+|)\$.*?(?:\$(?P=tag)\$|\Z)"
_WORDS = r"\b(?P<word>BEGIN|CASE|END(?:[ \t]+(?:IF|LOOP|WHILE|REPEAT|FOR|CASE))?)\b"
_ROUTINE = compiled(
    r"CREATE\s+(?:OR\s+(?:REPLACE|ALTER)\s+|TEMP(?:ORARY)?\s+|CONSTRAINT\s+|AGGREGATE\s+"
    r"|DEFINER\s*=\s*\S+(?:\s*@\s*\S+)?\s+)*(?:TRIGGER|PROCEDURE|FUNCTION|EVENT)\b",
    re.IGNORECASE,
)
_LEAD = compiled(rf"(?:\s++|{_COMMENT})*+")
_COMMENTS = compiled(rf"(?P<comment>{_COMMENT})|{_STRING}|{_NAME}|{_DOLLAR}", re.DOTALL | re.I)
_DELIMITER = compiled(r"DELIMITER[ \t]+(\S+)[^\n]*(?:\n|\Z)", re.IGNORECASE)
_LINE = compiled(r"[^\r\n]*+(?:\r\n|\n|\r|\Z)")
# The rest of the line and the blank lines after it: so an item's first line says something.
_TAIL = compiled(rf"[ \t]*(?:--[^\r\n]*|/\*[^\r\n]*?\*/[ \t]*)?(?:(?:\r\n|\n|\r){_BLANK_LINES}|\Z)")
_COPY = compiled(r"COPY\s.*\sFROM\s+STDIN\b", re.IGNORECASE | re.DOTALL)
_COPY_END = compiled(r"^\\\.[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


class Statement(msgspec.Struct, frozen=True, gc=False):
    """`text[start:stop]` is the statement, `end` where the next item starts.

    `delimiter` is what ends the statements that follow.
    """

    start: int
    stop: int
    end: int
    kind: OneOf["sql", "command", "blank"]
    delimiter: str


def statement_at(text: str, start: int, delimiter: str = ";") -> Statement:
    """The statement that starts at `start`, blanks and comments before it aside."""
    lead = _LEAD.match(text, start)
    at = lead.end() if lead else start
    if at >= len(text):
        return Statement(len(text), len(text), len(text), "blank", delimiter)
    changed = _DELIMITER.match(text, at)
    if changed:
        return Statement(at, changed.end(), changed.end(), "command", changed[1])
    if text[at] == "\\":
        end = _line_end(text, at)
        return Statement(at, end, end, "command", delimiter)
    stop, end = _ending(text, at, delimiter)
    stop = at + len(text[at:stop].rstrip())
    tail = _TAIL.match(text, end)
    end = tail.end() if tail else end
    if text[at : at + 4].upper() == "COPY" and _COPY.match(text, at, stop):
        data_end = _COPY_END.search(text, end)
        end = data_end.end() if data_end else len(text)
    return Statement(at, stop, end, "sql", delimiter)


def split_statements(text: str) -> list[tuple[int, int]]:
    """The ranges of the statements in `text`, without the semicolons."""
    found: list[tuple[int, int]] = []
    at, delimiter = 0, ";"
    while at < len(text):
        statement = statement_at(text, at, delimiter)
        at, delimiter = statement.end, statement.delimiter
        if statement.kind == "sql" and statement.stop > statement.start:
            found.append((statement.start, statement.stop))
    return found


def comments_of(text: str) -> Iterator[tuple[int, int, str]]:
    """Each comment of `text`: its range, and its words without the marker."""
    for found in _COMMENTS.finditer(text):
        words = found["comment"]
        if words is not None:
            words = words[1:] if words.startswith("#") else words[2:].removesuffix("*/")
            yield found.start(), found.end(), words.strip()


def without_quotes(text: str) -> str:
    """`text` without strings and comments; quoted names keep their quotes."""
    return _COMMENTS.sub(_kept_name, text)


def _kept_name(found: re.Match[str]) -> str:
    return found[0] if found[0][0] in '"`' else " "


def _line_end(text: str, at: int) -> int:
    line = _LINE.match(text, at)
    return line.end() if line else len(text)


@cache
def _stops(delimiter: str, has_body: bool) -> re.Pattern[str]:
    end = rf"(?P<end>{re.escape(delimiter)})"
    ahead = rf"(?=['\"`$\-/#\\{re.escape(delimiter[0])}]{'|(?i:[BCE])' if has_body else ''})"
    words = f"|{_WORDS}" if has_body else ""
    form = rf"{ahead}(?:{end}|{_COMMENT}|{_STRING}|{_NAME}|{_DOLLAR}|(?P<go>(?<=\s)\\g\w*){words})"
    return compiled(form, re.DOTALL | re.IGNORECASE)


def _ending(text: str, at: int, delimiter: str) -> tuple[int, int]:
    """Where the statement stops, and where what ends it stops."""
    has_body = delimiter == ";" and _ROUTINE.match(text, at) is not None
    depth = 0
    for found in _stops(delimiter, has_body).finditer(text, at):
        if found["go"]:
            return found.start(), _line_end(text, found.start())
        if found["end"] and depth == 0:
            return found.start(), found.end()
        if has_body and found["word"]:
            word = found["word"].upper().split()
            if word[0] != "END":
                depth += 1
            elif word[-1] in ("END", "CASE"):
                depth = max(depth - 1, 0)
    return len(text), len(text)
