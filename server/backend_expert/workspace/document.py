"""A document: one version of a file as a row of pieces, most of them shared with the last version.

A keystroke makes a new `Document` that holds the same `Piece` objects but for the one or two that
changed. Nothing on that path looks at the whole text; it is joined only when someone asks for it.
Lines, columns and offsets count code points, from 0.
"""

from bisect import bisect_left, bisect_right

from backend_expert.facts.item import TOP
from backend_expert.languages.reader import Reader
from backend_expert.languages.registry import language_of
from backend_expert.text.span import Span
from backend_expert.workspace.descent import Version, shared_by
from backend_expert.workspace.offsets import Offsets
from backend_expert.workspace.piece import (
    Piece,
    Recut,
    line_ends,
    pieces_of,
    plain_pieces,
    reader_for,
)
from backend_expert.workspace.skipping import (
    HEAD,
    LONGEST_LINE,
    MOST_CHARACTERS,
    TOO_BIG,
    why_skipped,
)

Position = tuple[int, int]


class Document:
    """One version of a file. Nothing in it changes; `edited` answers with the next version.

    `path` is the file's path, or None for an unsaved buffer. `skipped` says in one sentence why
    the file is not checked, and is empty when it is; such a file's pieces carry no facts.
    """

    __slots__ = ("_descent", "_lines", "_offsets", "_starts", "_text", "language", "lineage",
                 "path", "pieces", "skipped", "uri", "version")  # fmt: skip

    def __init__(
        self,
        uri: str,
        path: str | None,
        language: str,
        version: int,
        pieces: tuple[Piece, ...],
        skipped: str = "",
        offsets: Offsets | None = None,
    ) -> None:
        self.uri = uri
        self.path = path
        self.language = language
        self.version = version
        self.pieces = pieces
        self.skipped = skipped
        # What others keep from version to version of this file, each under a key of its own.
        self.lineage: dict[str, object] = {}
        self._text: str | None = None
        self._descent = Version()
        self._offsets = Offsets.of(pieces) if offsets is None else offsets
        self._starts = self._offsets.starts
        self._lines = self._offsets.lines

    @classmethod
    def open(
        cls, uri: str, text: str, *, path: str | None = None, language: str = "", version: int = 0
    ) -> "Document":
        """A document read afresh. Without `language` the file's name tells it."""
        language = language or language_of(path or uri) or ""
        skipped = why_skipped(text)
        reader = None if skipped else reader_for(language)
        pieces = pieces_of(reader, text) if reader else plain_pieces(text)
        document = cls(uri, path, language, version, tuple(pieces), skipped)
        document._text = text
        return document

    def __repr__(self) -> str:
        return f"Document({self.uri!r}, version {self.version}, {len(self.pieces)} pieces)"

    def __len__(self) -> int:
        return self._starts[-1]

    @property
    def text(self) -> str:
        """The whole text, joined when first asked for. Not for the keystroke's path."""
        if self._text is None:
            self._text = "".join([piece.text for piece in self.pieces])
        return self._text

    @property
    def end_of_file(self) -> int:
        """The offset behind the last character."""
        return self._starts[-1]

    @property
    def line_count(self) -> int:
        """How many lines there are; a line end at the end of the file begins one more."""
        return self._lines[-1] + 1

    @property
    def newline(self) -> str:
        """The line end that the file uses, told by its first one."""
        for piece in self.pieces:
            if piece.line_ends:
                start = piece.table.starts[1]
                return "\r\n" if piece.text[start - 2 : start] == "\r\n" else piece.text[start - 1]
        return "\n"

    @property
    def reader(self) -> Reader | None:
        """The reader of this document's pieces, None when no facts are read from it."""
        return None if self.skipped else reader_for(self.language)

    # -- where things are ------------------------------------------------------------------------

    def piece_at(self, offset: int) -> int:
        """The index of the piece that holds the character at `offset`; past the end, the last."""
        index = bisect_right(self._starts, offset) - 1
        return min(max(index, 0), len(self.pieces) - 1)

    def start_of(self, index: int) -> int:
        """The offset at which piece `index` starts."""
        return self._starts[index]

    def line_of(self, index: int) -> int:
        """The line in which piece `index` starts."""
        return self._lines[index]

    def starts_line(self, index: int) -> bool:
        """Whether piece `index` starts at the start of a line, as nearly all do."""
        return index == 0 or self.pieces[index - 1].ends_line

    def span_of(self, index: int) -> Span:
        """The span of piece `index`."""
        return Span(self._starts[index], self._starts[index + 1])

    def line_start(self, line: int) -> int:
        """The offset at which `line` starts; the end of the file when there is no such line."""
        if line <= 0:
            return 0
        if line > self._lines[-1]:
            return self._starts[-1]
        index = bisect_left(self._lines, line) - 1
        return self._starts[index] + self.pieces[index].table.starts[line - self._lines[index]]

    def line_text(self, line: int) -> str:
        """One line without its line end."""
        return self.slice(self.line_start(line), self.line_start(line + 1)).rstrip("\r\n")

    def slice(self, start: int, end: int) -> str:
        """The text of `[start, end)`, without joining more than the pieces it touches."""
        start, end = max(start, 0), min(end, self._starts[-1])
        if start >= end:
            return ""
        first, last = self.piece_at(start), self.piece_at(end - 1)
        base = self._starts[first]
        if first == last:
            return self.pieces[first].text[start - base : end - base]
        touched = "".join([piece.text for piece in self.pieces[first : last + 1]])
        return touched[start - base : end - base]

    def position(self, offset: int) -> Position:
        """The (line, column) of `offset`."""
        offset = min(max(offset, 0), self._starts[-1])
        index = self.piece_at(offset)
        line, column = self.pieces[index].table.position(offset - self._starts[index])
        line += self._lines[index]
        if line == self._lines[index] and not self.starts_line(index):
            column = offset - self.line_start(line)
        return line, column

    def offset(self, line: int, column: int) -> int:
        """The offset of (line, column); a column past the line's end is the line's end."""
        if line < 0:
            return 0
        if line >= self.line_count:
            return self._starts[-1]
        start, end = self.line_start(line), self.line_start(line + 1)
        if line < self._lines[-1]:
            end -= 2 if self.slice(end - 2, end) == "\r\n" else 1
        return min(start + max(column, 0), end)

    def shared_with(self, earlier: "Document") -> tuple[int, int]:
        """How many pieces this version and an earlier one share at the start, and at the end."""
        return shared_by(
            earlier.pieces,
            self.pieces,
            self._descent.since(earlier._descent),
        )

    # -- the next version ------------------------------------------------------------------------

    def edited(
        self, start: Position, end: Position, new_text: str, version: int | None = None
    ) -> "Document":
        """The version in which the range from `start` to `end` reads `new_text`."""
        first = self.offset(*start)
        return self.replaced(Span(first, max(first, self.offset(*end))), new_text, version)

    def replaced(self, span: Span, new_text: str, version: int | None = None) -> "Document":
        """The version in which `span` reads `new_text`."""
        version = self.version + 1 if version is None else version
        reader = self.reader
        if reader is None:
            return self._replaced_plainly(span, new_text, version)
        first, last = self.piece_at(span.start), self.piece_at(max(span.start, span.end - 1))
        begin = self._first_to_cut(first)
        window = (
            self.slice(self._starts[begin], span.start)
            + new_text
            + self.slice(span.end, self._starts[last + 1])
        )
        place = self.pieces[begin - 1].place if begin else TOP
        fresh, meets = Recut(reader, self.pieces, begin, place).run(window, first - begin, last + 1)
        document = self._with(begin, fresh, meets, version)
        if document._outgrown(span.start, new_text):
            return document._reopened(document.text, version)
        return document

    def _first_to_cut(self, touched: int) -> int:
        """The piece from which to cut anew when piece `touched` changes.

        It is the one before, whose end the first line of `touched` decides. Where several items
        share a line it is an earlier one: as far back as one with a whole line before the change.
        """
        index = max(touched - 1, 0)
        while index > 0:
            piece = self.pieces[index]
            if piece.line_ends > piece.text.endswith("\r"):
                break
            index -= 1
        return index

    def _replaced_plainly(self, span: Span, new_text: str, version: int) -> "Document":
        if self.skipped and len(self) - len(span) + len(new_text) <= MOST_CHARACTERS:
            text = self.text[: span.start] + new_text + self.text[span.end :]
            return self._reopened(text, version)
        first, last = self.piece_at(span.start), self.piece_at(max(span.start, span.end - 1))
        # One more on each side, so that a `\r` and a `\n` that come together stay together.
        first, last = max(first - 1, 0), min(last + 1, len(self.pieces) - 1)
        window = (
            self.slice(self._starts[first], span.start)
            + new_text
            + self.slice(span.end, self._starts[last + 1])
        )
        fresh = plain_pieces(window) if window else []
        document = self._with(first, fresh, last + 1, version)
        if not self.skipped and document._outgrown(span.start, new_text):
            return document._reopened(document.text, version)
        return document

    def _with(self, first: int, fresh: list[Piece], follows: int, version: int) -> "Document":
        """The version in which `fresh` stand for the pieces `first` to before `follows`."""
        old = self.pieces
        if not fresh and not first and follows == len(old):
            fresh = [Piece("", TOP, self.reader)]
        document = Document(
            self.uri,
            self.path,
            self.language,
            version,
            (*old[:first], *fresh, *old[follows:]),
            self.skipped and TOO_BIG,  # the other reasons are told anew after each edit
            self._offsets.replaced(first, fresh, follows),
        )
        document._descent = Version(self._descent, first, len(old) - follows)
        document.lineage = self.lineage
        return document

    def _reopened(self, text: str, version: int) -> "Document":
        document = Document.open(
            self.uri, text, path=self.path, language=self.language, version=version
        )
        document.lineage = self.lineage
        return document

    def _outgrown(self, start: int, new_text: str) -> bool:
        """Whether the change at `start` made this a file that is not checked any more."""
        if len(self) > MOST_CHARACTERS or (start < HEAD and "\0" in self.slice(0, HEAD)):
            return True
        line = self.position(start)[0]
        return any(
            self.line_start(at + 1) - self.line_start(at) > LONGEST_LINE
            for at in range(line, line + line_ends(new_text) + 1)
        )
