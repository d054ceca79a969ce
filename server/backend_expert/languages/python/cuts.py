"""Where Python items begin and end, told from the text alone, before anything is parsed.

A statement at column 0 begins an item; imports in a row share one. A class is cut further: its
head (header, docstring and attributes up to the first method), then each method, then each run
of attributes between methods. The head stands at the top, so its place has no owner, but the
header and the body's indent are in it: from these the members know whose they are.

Comments and blank lines stay with the item before them, so a cut can be told from its own text
and the line that follows. A bracket left open while typing spoils its own item only: some words,
`def` among them, can begin a line in no bracket.
"""

import re
from functools import cache

from backend_expert.facts.item import TOP, Place
from backend_expert.languages.patterns import compiled
from backend_expert.languages.reader import Cut

_TOKEN = compiled(
    r'''
      """ (?: [^"\\]++ | \\. | "(?!"") )*+ (?: """ | \\?\Z )
    | \'\'\' (?: [^'\\]++ | \\. | '(?!'') )*+ (?: \'\'\' | \\?\Z )
    | " (?: [^"\\\r\n]++ | \\\r\n | \\. )*+ "?
    | ' (?: [^'\\\r\n]++ | \\\r\n | \\. )*+ '?
    | \# [^\r\n]*+
    ''',
    re.VERBOSE | re.DOTALL,
)
# `@name` begins a decorator, but formatters put a matrix product's `@ name` first on a line.
_NEVER_INSIDE = compiled(
    r"[\f \t]*+(?:def\b|class\b|async[ \t]+def\b|@[^\W\d]|import\b|from[ \t]+[.\w]+[ \t]+import\b)"
)
_FIRST = compiled(
    r"[\ufeff\f]*+(?P<indent>[ \t]*+)(?:(?P<decorator>@)|(?P<method>(?:async[ \t]+)?def\b)"
    r"|(?P<owner>class\b[ \t]*(?P<name>\w*))|(?P<bring>import\b|from\b)"
    r"|(?P<clause>(?:else|elif|except|finally)\b)|)"
)


def next_cut(text: str, start: int, place: Place) -> Cut:
    """The item that starts at `start`, after an item of `place`; see `Reader.next_cut`."""
    scan = _Scan(text, start)
    first = _first(text, start)
    if place.owner_line and first["indent"]:
        if not place.owner:
            name = _first(place.owner_line, 0)["name"]
            place = Place(name, place.owner_line, place.indent)
        return _member(scan, first, place)
    return _top_level(scan, first)


def _top_level(scan: "_Scan", first: re.Match[str]) -> Cut:
    """A statement at column 0, or the blank lines and comments before a file's first one."""
    start = first.start()
    line, first = _decorated(scan, first, 0)
    if first["name"]:
        return _class_head(scan, start, line)
    if line > start and not _defines(first):
        return Cut(start, line, TOP)
    end = scan.boundary(0)
    if first["bring"]:
        while _first(scan.text, end)["bring"]:
            end = scan.boundary(0)
    return Cut(start, end, TOP)


def _class_head(scan: "_Scan", start: int, line: int) -> Cut:
    """A class (its own line is `line`) up to its first method, or up to its end if it has none."""
    text = scan.text
    end = scan.line(None)
    header = _header(text[line:end])
    first = _first(text, end)
    indent = len(first["indent"])
    while first["clause"] or (first["indent"] and not (first["method"] or first["decorator"])):
        end = scan.line(indent)
        first = _first(text, end)
    return Cut(start, end, Place("", header, indent) if indent else TOP)


def _member(scan: "_Scan", first: re.Match[str], place: Place) -> Cut:
    """A method, or a run of attributes after one."""
    start = first.start()
    line, first = _decorated(scan, first, place.indent)
    if line > start and not (_defines(first) and first["indent"]):
        return Cut(start, line, place)
    end = scan.boundary(place.indent)
    if not _defines(first):
        while (first := _first(scan.text, end))["indent"] and not _defines(first):
            end = scan.boundary(place.indent)
    return Cut(start, end, place)


def _decorated(scan: "_Scan", first: re.Match[str], indent: int) -> tuple[int, re.Match[str]]:
    """The line after the decorators that an item starts with, which may be none."""
    line = first.start()
    while first["decorator"]:
        line = scan.boundary(indent)
        first = _first(scan.text, line)
        if indent and not first["indent"]:
            break
    return line, first


def _first(text: str, line: int) -> re.Match[str]:
    """What a line begins with, as the groups of `_FIRST`."""
    found = _FIRST.match(text, line)
    assert found is not None, "the pattern matches the empty string"
    return found


def _defines(first: re.Match[str]) -> bool:
    return bool(first["method"] or first["owner"] or first["decorator"])


def _header(text: str) -> str:
    """A class's header without the comments and blank lines that stand between it and the body."""
    lines = text.splitlines(keepends=True)
    while len(lines) > 1 and lines[-1].lstrip()[:1] in ("", "#"):
        lines.pop()
    return "".join(lines).strip("\ufeff\f\r\n\t ")


@cache
def _line_starts(indent: int | None) -> re.Pattern[str]:
    """Finds the line ends after which a statement stands at most `indent` deep."""
    width = "" if indent is None else indent
    return compiled(rf"(?:\r\n|\r|\n)(?=\f*+[ \t]{{0,{width}}}+[^\s#)\]}}])")


class _Scan:
    """Reads lines on from a place, knowing which of them begin within a string or bracket."""

    __slots__ = ("at", "depth", "text")

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.at = start
        self.depth = 0

    def boundary(self, indent: int) -> int:
        """The next line at most `indent` deep that begins a statement, not a clause of one."""
        line = self.line(indent)
        while _first(self.text, line)["clause"]:
            line = self.line(indent)
        return line

    def line(self, indent: int | None) -> int:
        """The next line at most `indent` deep that begins in no string or bracket, or the end."""
        text = self.text
        for found in _line_starts(indent).finditer(text, self.at):
            end = found.start()
            if end < self.at:
                continue  # A string that was read already goes on here.
            may_continue = self._read(end)
            if end < self.at or (may_continue and text[end - 1] == "\\"):
                continue
            if self.depth:
                if not _NEVER_INSIDE.match(text, found.end()):
                    continue
                self.depth = 0
            self.at = found.end()
            return self.at
        return len(text)

    def _read(self, end: int) -> bool:
        """Read on to `end` or the end of a string that spans it, and count the brackets.

        Returns whether code stands right before `end`, rather than a string or comment.
        """
        text, at = self.text, self.at
        code: list[str] = []
        for token in _TOKEN.finditer(text, at, end):
            code.append(text[at : token.start()])
            at = token.end()
            if at >= end - 1:
                # The token was cut short by `end`, perhaps: read it again without a limit.
                token = _TOKEN.match(text, token.start())
                at = token.end() if token else end
                break
        ends_in_code = at < end
        if ends_in_code:
            code.append(text[at:end])
        run = "".join(code)
        opened = run.count("(") + run.count("[") + run.count("{")
        closed = run.count(")") + run.count("]") + run.count("}")
        self.depth = max(self.depth + opened - closed, 0)
        self.at = max(at, end)
        return ends_in_code
