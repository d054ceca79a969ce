"""Caret marks in examples and case files: which place is found, and with which words."""

import msgspec

from backend_expert.text.lines import LineTable
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

# An optional comment leader, carets, the message. The carets stand under the code they mark.
_MARK = pattern(r"^(\s*(?:#|//|--)?\s*)(\^+)(?:\s+(.*?))?\s*$")


class Mark(msgspec.Struct, frozen=True, order=True):
    """A marked span of the text without its marks, and the words beside the carets."""

    span: Span
    words: str


def read_marks(text: str) -> tuple[str, tuple[Mark, ...]]:
    """The text without its mark lines, and the marks.

    Carets under the last character of a line and further go on to the next line: a mark that is
    longer than its line covers the rest of the statement's lines as `^^^` cannot; write the first
    line's part only and end the words with ` …` to say that the finding goes on.
    """
    code: list[str] = []
    marks: list[tuple[int, int, int, str]] = []
    for line in text.split("\n"):
        found = _MARK.match(line)
        if found and code:
            start = len(found[1])
            marks.append((len(code) - 1, start, start + len(found[2]), found[3] or ""))
        else:
            code.append(line)
    bare = "\n".join(code)
    table = LineTable(bare)
    return bare, tuple(
        sorted(
            Mark(Span(table.starts[line] + start, table.starts[line] + end), words)
            for line, start, end, words in marks
        )
    )
