"""Documents: an edited one is the same as one opened afresh, and keeps what did not change."""

import time
from bisect import bisect_right

import pytest
from backend_expert.facts.item import TOP
from backend_expert.text import encoding
from backend_expert.text.span import Span
from backend_expert.workspace import document as documents
from backend_expert.workspace.document import Document
from backend_expert.workspace.skipping import BINARY, MINIFIED, TOO_BIG
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.fake_reader import Broken, Indented, Semicolons, line_starts

READERS = {"indented": Indented(), "semicolons": Semicolons(), "broken": Broken()}


@pytest.fixture(autouse=True)
def fake_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    real = documents.reader_for
    monkeypatch.setattr(documents, "reader_for", lambda name: READERS.get(name) or real(name))


def opened(text: str, language: str = "indented") -> Document:
    return Document.open("file:///a", text, path="/a", language=language)


def shape(document: Document) -> list[tuple[str, object]]:
    return [(piece.text, piece.place) for piece in document.pieces]


def check_same(document: Document, language: str) -> None:
    """That an edited document equals a fresh one, in pieces, text, lines and columns."""
    fresh = opened(document.text, language)
    assert shape(document) == shape(fresh)
    assert document.skipped == fresh.skipped
    assert "".join(piece.text for piece in document.pieces) == document.text
    starts = line_starts(document.text)
    assert document.line_count == len(starts)
    for offset in {0, len(document), *range(0, len(document) + 1, 7)}:
        line = bisect_right(starts, offset) - 1
        assert document.position(offset) == (line, offset - starts[line])
    for line, start in enumerate(starts):
        end = starts[line + 1] if line + 1 < len(starts) else len(document)
        content = document.text[start:end].rstrip("\r\n")
        assert document.line_start(line) == start
        assert document.line_text(line) == content
        assert document.offset(line, 10_000) == start + len(content)
        for column in range(0, len(content) + 1, 3):
            for name in encoding.ENCODINGS:
                unit = encoding.to_units(content, column, name)
                assert encoding.from_units(content, unit, name) == column
                assert document.offset(line, column) == start + column


PARTS = [
    "",
    "x",
    "\n",
    "\r",
    "\r\n",
    " ",
    "    ",
    ";",
    "#p",
    "!",
    "a;b;c",
    "?",
    "#q;",
    "\r\r",
    "\n\r",
]
LINES = [
    "class A:\n",
    "class A:\n    def f():\n",
    "def g():\n    return 1\n",
    "    b\r\n",
    "a = 1\n",
]
MORE = ['"""', '"""\n', "\n\n", "é", "😀", "\ud800", "    def m(self):\n        pass\n"]
FRAGMENTS = st.sampled_from(PARTS + LINES + MORE)
TEXTS = st.lists(FRAGMENTS, max_size=25).map("".join)
EDITS = st.tuples(st.floats(0, 1), st.one_of(st.just(0), st.integers(0, 12)), TEXTS | FRAGMENTS)


@pytest.mark.parametrize("language", ["indented", "semicolons", "plain"])
@settings(max_examples=150)
@given(text=TEXTS, edits=st.lists(EDITS, min_size=5, max_size=10))
def test_an_edited_document_is_a_fresh_one(
    language: str, text: str, edits: list[tuple[float, int, str]]
) -> None:
    document = opened(text, language)
    for where, length, new in edits:
        start = round(where * len(document))
        end = min(start + length, len(document))
        text = text[:start] + new + text[end:]
        document = document.replaced(Span(start, end), new)
        assert document.text == text
        check_same(document, language)


@settings(max_examples=100)
@given(text=TEXTS, edits=st.lists(EDITS, min_size=5, max_size=10))
def test_edits_by_line_and_column(text: str, edits: list[tuple[float, int, str]]) -> None:
    document = opened(text)
    for where, length, new in edits:
        start = document.position(round(where * len(document)))
        end = document.position(round(where * len(document)) + length)
        a, b = document.offset(*start), document.offset(*end)
        document = document.edited(start, end, new)
        text = text[:a] + new + text[b:]
        assert document.text == text
        check_same(document, "indented")


def functions(count: int) -> str:
    return "".join(f"def f{i}(a):\n    x = a + {i}\n    return x\n\n" for i in range(count))


def test_a_keystroke_keeps_all_other_pieces() -> None:
    document = opened(functions(500))
    reader = READERS["indented"]
    reader.cuts = 0
    edited = document.edited((401, 8), (401, 8), "b")
    kept = set(map(id, document.pieces)) & set(map(id, edited.pieces))
    assert len(kept) == 499
    assert reader.cuts <= 2
    assert edited.version == document.version + 1
    assert edited.pieces[100].text.startswith("def f100(a):\n    x = ba")


def test_facts_are_lowered_once_and_stay_with_the_piece() -> None:
    document = opened(functions(3))
    reader = READERS["indented"]
    reader.lowered.clear()
    assert all(piece.item.place == TOP for piece in document.pieces)
    edited = document.edited((5, 4), (5, 5), "y")
    assert [piece.item.names for piece in edited.pieces][1] >= {"y", "f1"}
    assert len(reader.lowered) == 4


def test_a_changed_class_head_changes_the_place_of_its_methods_alone() -> None:
    text = "class A:\n    def f():\n        1\n    def g():\n        2\n" + functions(3)
    document = opened(text)
    edited = document.edited((0, 6), (0, 7), "B")
    assert [piece.place.owner for piece in edited.pieces] == ["B", "B", "B", "", "", ""]
    assert edited.pieces[3:] == document.pieces[3:]


def test_an_opened_quote_swallows_the_rest_and_its_end_gives_it_back() -> None:
    document = opened(functions(100))
    quoted = document.edited((41, 4), (41, 4), '"""')
    assert len(quoted.pieces) == 11
    again = quoted.edited((41, 4), (41, 7), "")
    assert shape(again) == shape(document)


@pytest.mark.parametrize("language", ["indented", "semicolons"])
def test_carriage_return_and_line_feed_are_never_parted(language: str) -> None:
    document = opened("a = 1\rb = 2\n", language)
    edited = document.replaced(Span(6, 6), "\n")
    assert edited.line_count == 3
    check_same(edited, language)
    back = edited.replaced(Span(6, 7), "")
    assert shape(back) == shape(document)


def test_a_reader_that_breaks_leaves_lines_without_facts(caplog: pytest.LogCaptureFixture) -> None:
    document = opened("a\nb\n", "broken")
    assert [piece.text for piece in document.pieces] == ["a\n", "b\n"]
    assert document.pieces[0].item.body == ()
    assert document.edited((0, 0), (0, 0), "x").text == "xa\nb\n"
    assert "broken reader failed" in caplog.text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x\n" * 1_000_001, TOO_BIG),
        ("a\0b", BINARY),
        ("y" * 20_001, MINIFIED),
        ("", ""),
        ("a\n", ""),
    ],
)
def test_what_is_not_checked(text: str, why: str) -> None:
    assert opened(text).skipped == why


def test_edits_take_a_file_out_of_the_checks_and_back() -> None:
    for added in ("\0", "z" * 20_001, "x\n" * 1_000_001):
        document = opened(functions(20))
        skipped = document.edited((5, 0), (5, 0), added)
        assert skipped.skipped and skipped.skipped == opened(skipped.text).skipped
        still = skipped.edited((0, 0), (0, 0), "# x\n")
        assert still.skipped and still.text == "# x\n" + skipped.text
        back = skipped.replaced(Span(skipped.offset(5, 0), skipped.offset(5, 0) + len(added)), "")
        assert not back.skipped
        assert shape(back) == shape(document)


def test_joining_lines_can_make_a_line_too_long() -> None:
    document = opened("a" * 15_000 + "\n" + "b" * 15_000 + "\n")
    assert not document.skipped
    assert document.edited((0, 15_000), (1, 0), "").skipped == MINIFIED


def test_fifty_megabytes_are_edited_in_no_time() -> None:
    document = opened("some words in a line\n" * 2_500_000)
    document.position(30_000_000)
    started = time.perf_counter()
    for i in range(10):
        document = document.edited((1_000_000, i), (1_000_000, i), "x")
    assert time.perf_counter() - started < 1
    assert document.line_text(1_000_000) == "x" * 10 + "some words in a line"


def test_positions_outside_the_text_are_its_ends() -> None:
    document = opened("ab\ncd")
    assert document.offset(-1, 5) == 0
    assert document.offset(9, 0) == 5
    assert document.offset(0, 9) == 2
    assert document.position(99) == (1, 2)
    assert document.position(-1) == (0, 0)
    assert opened("").position(0) == (0, 0)
    assert opened("").pieces[0].text == ""


def test_the_line_end_in_use() -> None:
    assert opened("a\r\nb\n").newline == "\r\n"
    assert opened("a\rb").newline == "\r"
    assert opened("a").newline == "\n"


def test_an_edit_reaches_back_over_items_that_share_its_line() -> None:
    document = opened("z\na;b;c;d\n", "semicolons")
    assert [piece.text for piece in document.pieces] == ["z\n", "a;", "b;", "c;", "d\n"]
    edited = document.edited((1, 7), (1, 7), "?")
    assert [piece.text for piece in edited.pieces] == ["z\n", "a;b;c;d?\n"]
    check_same(edited, "semicolons")
