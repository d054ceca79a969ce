"""Pieces: a file's text in items that are kept, with their facts, for as long as they stay."""

import logging
from functools import cache

import msgspec

from backend_expert.facts.item import TOP, Item, Place
from backend_expert.languages import registry
from backend_expert.languages.reader import Cut, Reader
from backend_expert.text.lines import LINE_END, LineTable

log = logging.getLogger(__name__)

# A text that no reader reads is cut after about so many characters, at a line end if there is one.
PLAIN_LENGTH = 16_384


class Piece:
    """One item's text. It never changes, so whoever holds the same object knows the same facts.

    `item` are the facts, lowered on first use (a reader that breaks gives an item without facts),
    `table` says where the piece's own lines start. `notes` is for what others work out about this
    piece and want to keep for as long as it lives (findings, rendered answers), each under a key
    of its own.
    """

    __slots__ = (
        "__weakref__",
        "_reader",
        "ends_line",
        "is_ascii",
        "item",
        "line_ends",
        "notes",
        "place",
        "table",
        "text",
    )

    item: Item
    table: LineTable

    def __init__(self, text: str, place: Place, reader: Reader | None) -> None:
        self.text = text
        self.place = place
        self.is_ascii = text.isascii()
        self.line_ends = line_ends(text)
        self.ends_line = text.endswith(("\n", "\r"))
        self.notes: dict[str, object] = {}
        self._reader = reader

    def __getattr__(self, name: str) -> object:
        # Python comes here only while the slot is empty: read after that, it costs no call.
        if name == "item":
            self.item = self._lowered()
            return self.item
        if name == "table":
            self.table = LineTable(self.text)
            return self.table
        raise AttributeError(name)

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        return f"Piece({self.text[:40]!r}, {len(self.text)} characters, {self.place})"

    def _lowered(self) -> Item:
        if self._reader is None:
            return Item(self.place, ())
        try:
            item = self._reader.lower(self.text, self.place)
            return msgspec.structs.replace(item, text=self.text)
        except Exception:
            log.exception("the %s reader failed on: %.80r", self._reader.language, self.text)
            return Item(self.place, ())


@cache
def reader_for(language: str) -> Reader | None:
    """The reader of a language; none, said once in the log, when its module cannot be loaded."""
    try:
        return registry.reader_for(language)
    except Exception:
        log.exception("the reader for %s cannot be loaded; its files are not read", language)
        return None


def line_ends(text: str) -> int:
    """How many line ends `text` has, a `\\r\\n` being one."""
    if "\r" in text:
        return text.count("\n") + text.count("\r") - text.count("\r\n")
    return text.count("\n")


def next_cut(reader: Reader, text: str, start: int, place: Place) -> Cut:
    """The reader's next cut, made safe: it moves on, stays in the text, parts no `\\r\\n`."""
    try:
        cut = reader.next_cut(text, start, place)
    except Exception:
        log.exception("the %s reader failed to cut: %.80r", reader.language, text[start:])
        cut = Cut(start, start, place)
    end = cut.end
    if end <= start or end > len(text):
        found = LINE_END.search(text, start)
        end = found.end() if found else len(text)
    elif text[end - 1] == "\r" and text[end : end + 1] == "\n":
        end += 1
    return cut if (cut.start, cut.end) == (start, end) else Cut(start, end, cut.place)


def pieces_of(reader: Reader, text: str) -> list[Piece]:
    """All pieces of a text; an empty text is one empty piece."""
    at, place = 0, TOP
    pieces: list[Piece] = []
    while at < len(text):
        cut = next_cut(reader, text, at, place)
        pieces.append(Piece(text[at : cut.end], cut.place, reader))
        at, place = cut.end, cut.place
    return pieces or [Piece("", TOP, reader)]


def plain_pieces(text: str) -> list[Piece]:
    """Pieces of a text that no reader reads: without facts, and short enough to be edited fast."""
    at = 0
    pieces: list[Piece] = []
    while at < len(text):
        end = min(at + PLAIN_LENGTH, len(text))
        line_end = text.rfind("\n", at, end) + 1
        if end < len(text) and line_end > at:
            end = line_end
        elif text[end - 1] == "\r" and text[end : end + 1] == "\n":
            end += 1
        pieces.append(Piece(text[at:end], TOP, None))
        at = end
    return pieces or [Piece("", TOP, None)]


class Recut:
    """Cuts a changed text anew, from just before the change to where the old pieces fit again.

    `at` counts from the start of piece `first`. The window holds the texts of a few pieces and
    grows (doubling) only while a cut's end, or the line after it, lies beyond it.
    """

    def __init__(self, reader: Reader, old: tuple[Piece, ...], first: int, place: Place) -> None:
        self.reader = reader
        self.old = old
        self.first = first
        self.place = place
        self.fresh: list[Piece] = []

    def run(self, window: str, kept: int, follows: int) -> tuple[list[Piece], int]:
        """The new pieces from `first` on, and the old piece that follows them.

        `window` replaces the old pieces `first` to before `follows`. The first `kept` of them are
        unchanged in text, and may be met again.
        """
        self.window = window
        self.loaded = follows  # the first old piece whose text is not in the window
        at, meets, meets_at = 0, follows, len(window)
        self._load(1)  # its first line tells where the last changed piece ends
        step, reuse, reuse_at = 2, self.first, 0
        while True:
            while meets_at < at and meets < len(self.old):
                meets_at += len(self.old[meets])
                meets += 1
            if at == meets_at and self._fits(meets):
                break
            cut = next_cut(self.reader, self.window, at, self.place)
            while self.loaded < len(self.old) and not self._settled(cut.end):
                self._load(step)
                step *= 2
                cut = next_cut(self.reader, self.window, at, self.place)
            while reuse < self.first + kept and reuse_at < at:
                reuse_at += len(self.old[reuse])
                reuse += 1
            again = self.old[reuse] if reuse < self.first + kept and reuse_at == at else None
            if at == meets_at and meets < len(self.old):
                again = self.old[meets]
            self._take(at, cut, again)
            at = cut.end
        return self.fresh, meets

    def _fits(self, meets: int) -> bool:
        if meets == len(self.old):
            return True
        before = self.old[meets - 1].place if meets else TOP
        if before == self.place:
            return True
        if self.loaded <= meets:
            self._load(2)
        return False

    def _settled(self, end: int) -> bool:
        """Whether the line after a cut is in the window, so that no further text can move it."""
        found = LINE_END.search(self.window, end)
        return found is not None and (found.end() < len(self.window) or found.group() != "\r")

    def _load(self, count: int) -> None:
        more = self.old[self.loaded : self.loaded + count]
        self.window += "".join([piece.text for piece in more])
        self.loaded += len(more)

    def _take(self, at: int, cut: Cut, again: Piece | None) -> None:
        text = self.window[at : cut.end]
        if again is not None and again.text == text and again.place == cut.place:
            self.fresh.append(again)
        else:
            self.fresh.append(Piece(text, cut.place, self.reader))
        self.place = cut.place
