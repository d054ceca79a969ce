"""Cuts JavaScript and TypeScript into items by looking at lines and brackets alone.

An item ends before a line at column 0 that begins a statement; a class's head ends before its
first method, and a method before the next one. Nothing is parsed, and nothing is read twice.

The head of a class has a place without an owner (its text stands at the top) but with its header
in `owner_line`: from that the methods that follow learn whose they are.
"""

import re
from functools import cache

from backend_expert.facts.item import TOP, Place
from backend_expert.languages.javascript.lexing import (
    STRIP,
    end_of_run,
    end_of_slash,
    end_of_template,
    run_to,
)
from backend_expert.languages.patterns import compiled
from backend_expert.languages.reader import Cut

# A line at column 0 that begins a statement, unless its first word carries an older one on.
_STARTS = (
    r"(?!(?:else|catch|finally|instanceof|in|of|as|satisfies|extends|implements|from)\b)"
    r"(?:[^\W\d]|[$\"'(\[@]|!(?!=)|;(?=[(\[]))"
)
# These stand inside brackets at column 0 only when a bracket before them is not closed yet.
_HARD = compiled(
    r"import\b(?![ \t]*[.(])|export\b|(?:async[ \t]+)?function\b|(?:abstract[ \t]+)?class\b"
    r"|(?:const|let|var|interface|type|enum)[ \t]+[\w${\[]"
)
_CARRIED_ON = (",", "&", "|", "?", "=", "=>")  # a line after these is no statement of its own

_LINE_ENDS = compiled(r"[\r\n]+")
_WORD = r"[\w$]+"
_DECORATORS = r"(?:@[\w$.]++(?:\((?:[^()\r\n]|\((?:[^()\r\n]|\([^()\r\n]*+\))*+\))*+\))?+[ \t]*+)*+"
_BARE_DECORATOR = compiled(rf"(?=[ \t]*@)[ \t]*{_DECORATORS}(?:[(\r\n]|//|/\*|\Z)")
_CLASS = compiled(
    rf"\ufeff?{_DECORATORS}(?:export[ \t]+)?(?:default[ \t]+)?(?:declare[ \t]+)?"
    rf"(?:(?:(?:const|let|var)[ \t]+)?(?:{_WORD}\.)?(?P<variable>{_WORD})[ \t]*=[ \t]*)?"
    rf"(?:abstract[ \t]+)?class\b(?:[ \t]+(?!extends\b|implements\b)(?P<name>{_WORD}))?"
)
# `extends Of<Self, {`: the first brace is not the body's.
_UNCLOSED_TYPE = compiled(r"[^{<]*+<(?:[^{<>]|(?<==)>|<[^{<>]*+>)*+\{")
_HEADER = compiled(r"[^{]{0,600}+(?:\{[^\r\n]{0,200}+)?")
_METHOD = compiled(
    rf"[ \t]*{_DECORATORS}(?!(?:if|for|while|switch|catch|return|super|function|with|do|else|await"
    r"|throw|new|typeof)\b)"
    r"(?:(?:public|private|protected|static|async|readonly|override|abstract|declare|get|set)"
    r"[ \t]+)*(?:\*[ \t]*)?"
    rf"(?:#?{_WORD}|\[[^\]\r\n]*\]|\"[^\"\r\n]*\"|'[^'\r\n]*')[?!]?[ \t]*(?:<[^\r\n(]*>)?[ \t]*\("
)
# A method at the body's own indentation starts an item even when a bracket before it is open.
_HARD_METHOD = compiled(
    rf"{_METHOD.pattern}(?:[ \t]*[\r\n]|[^\r\n]*\)[ \t]*(?::[^\r\n;={{]{{0,200}})?\{{)"
)


def next_cut(text: str, start: int, place: Place) -> Cut:
    """The item that starts at `start`; see `languages.reader.Reader`.

    Where the next item starts with decorators, the line that they decorate has a say as well: a
    decorated field stays with the class's head, a decorated method does not.
    """
    if place.owner_line and text.startswith((" ", "\t"), start):
        scan = _Scan(text, start, _run_to_members(place.indent))
        owner = place.owner or _owner(_CLASS.search(place.owner_line))
        end, _ = _end_in_class(scan, 0, place.indent)
        return Cut(start, end, Place(owner, place.owner_line, place.indent))
    scan = _Scan(text, start, _TOP_RUN)
    head = start
    if text.startswith("@", start) and _BARE_DECORATOR.match(text, start):
        head = _decorated_line(scan)
    if not _CLASS.match(text, head):
        return Cut(start, _end_of_statement(scan), TOP)
    scan = _Scan(text, head, _run_to_members(0))
    end, indent = _end_in_class(scan, 1, 0)
    if indent and _UNCLOSED_TYPE.match(text, head, end):
        return Cut(start, _end_of_statement(_Scan(text, head, _TOP_RUN)), TOP)
    found = _HEADER.match(text, head) if indent else None
    return Cut(start, end, Place("", found.group().strip(), indent) if found else TOP)


def _owner(header: re.Match[str] | None) -> str:
    """The name of a class by its header; a nameless one is called by where it is put."""
    return (header and (header["name"] or header["variable"])) or "default"


@cache
def _run_to_members(indent: int) -> re.Pattern[str]:
    """Stops before the members of a class as well; indent 0 means that it is not known yet."""
    width = f"{{{indent}}}" if indent else "++"
    return run_to(rf"(?:{_STARTS}|[ \t]{width}[\w$#\[\"'@*])")


_TOP_RUN = run_to(_STARTS)


class _Scan:
    """Reads on from an item's start, from one line that may end it to the next."""

    __slots__ = ("at", "braces", "counted", "others", "run", "skipped", "start", "text")

    def __init__(self, text: str, start: int, run: re.Pattern[str]) -> None:
        self.text = text
        self.start = self.at = self.counted = start
        self.run = run
        self.braces = self.others = 0
        self.skipped: list[str] = []  # code before skipped noise, its brackets not counted yet

    def next_line(self) -> int:
        """Where the next line starts at which the item may end; -1 when there is none."""
        text = self.text
        while True:
            at = end_of_run(self.run, text, self.at)
            if at >= len(text):
                return -1
            character = text[at]
            if character in "\r\n":
                self.at = at + 1
                return self.at
            if character == "`":
                self.at = end_of_template(text, at)
            else:
                self.at = end_of_slash(text, at, self.start)
            if self.at > at + 1:
                self.skipped.append(text[self.counted : at])
                self.counted = self.at

    def count(self, line: int) -> None:
        """Counts the brackets that are open where `line` starts."""
        self.skipped.append(self.text[self.counted : line])
        # A digit in between, so that no slash seems to follow what stood before other noise.
        code = STRIP.sub("", "0".join(self.skipped))
        self.skipped.clear()
        self.counted = line
        self.braces += code.count("{") - code.count("}")
        self.others += code.count("(") - code.count(")") + code.count("[") - code.count("]")

    def is_carried_on(self, line: int) -> bool:
        """Whether the code before `line` ends in an operator that wants another operand."""
        floor = max(self.start, line - 400)
        lines = _LINE_ENDS.split(self.text[floor:line])
        if floor > self.start:
            lines[0] = ""  # the end of a line, perhaps of a comment
        for before in reversed(lines):
            code = before.partition(" //")[0].strip()
            if code and not code.startswith("//"):
                return code.endswith(_CARRIED_ON)
        return False


def _end_of_statement(scan: _Scan) -> int:
    """Where the next statement at column 0 starts."""
    while (line := scan.next_line()) >= 0:
        if _HARD.match(scan.text, line):
            return line
        scan.count(line)
        if scan.braces + scan.others <= 0 and not scan.is_carried_on(line):
            return line
    return len(scan.text)


def _decorated_line(scan: _Scan) -> int:
    """The line that the decorators at the item's start belong to; the item's start without one."""
    while (line := scan.next_line()) >= 0:
        scan.count(line)
        if _HARD.match(scan.text, line):
            return line
        if scan.braces + scan.others <= 0 and not _BARE_DECORATOR.match(scan.text, line):
            return line
    return scan.start


def _end_in_class(scan: _Scan, level: int, indent: int) -> tuple[int, int]:
    """Where the next method starts, or what follows the class, and the members' indentation.

    `level` is how many braces are open between members: 1 when the scan began at the class's
    head, 0 when at a member. The indentation is 0 when the class ends before another method.
    """
    text = scan.text
    decorators = -1  # where the next member's decorators start
    has_member = not _BARE_DECORATOR.match(text, scan.start)
    while (line := scan.next_line()) >= 0:
        if text[line] not in " \t":
            scan.count(line)
            is_over = scan.braces + scan.others < level and not scan.is_carried_on(line)
            if is_over or _HARD.match(text, line):
                return line, 0
            continue
        if not indent:
            scan.count(line)
            if scan.braces != level or scan.others:
                continue
            indent = len(text[line : line + 400]) - len(text[line : line + 400].lstrip(" \t"))
            scan.run = _run_to_members(indent)
        if _BARE_DECORATOR.match(text, line):
            decorators = line if decorators < 0 else decorators
        elif not has_member:
            has_member, decorators = True, -1
        elif _METHOD.match(text, line) and _is_member(scan, level, line):
            return (line if decorators < 0 else decorators), indent
        else:
            decorators = -1
    return len(text), 0


def _is_member(scan: _Scan, level: int, line: int) -> bool:
    if _HARD_METHOD.match(scan.text, line):
        return True
    scan.count(line)
    return scan.braces == level and scan.others <= 0
