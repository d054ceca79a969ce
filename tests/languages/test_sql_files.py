"""SQL files: one statement is one item, whatever stands around it."""

import pytest
from backend_expert.facts.code import Fragment, Opaque, Text
from backend_expert.facts.item import TOP, Item, Place
from backend_expert.languages.reader import Cut
from backend_expert.languages.registry import reader_for
from hypothesis import given, settings
from hypothesis import strategies as st

READER = reader_for("sql")
assert READER is not None


def cuts_of(text: str) -> list[Cut]:
    assert READER is not None
    cuts: list[Cut] = []
    at, place = 0, TOP
    while at < len(text):
        cut = READER.next_cut(text, at, place)
        assert cut.start == at < cut.end <= len(text)
        cuts.append(cut)
        at, place = cut.end, cut.place
    return cuts


def items_of(text: str) -> list[tuple[Cut, Item]]:
    assert READER is not None
    found: list[tuple[Cut, Item]] = []
    place = TOP
    for cut in cuts_of(text):
        found.append((cut, READER.lower(text[cut.start : cut.end], place)))
        place = cut.place
    return found


def statements_of(text: str) -> list[str]:
    """The statements as the items hold them, each checked against the file."""
    found: list[str] = []
    for cut, item in items_of(text):
        for node in item.body:
            words = text[cut.start + node.span.start : cut.start + node.span.end]
            if isinstance(node, Opaque):
                found.append(f"<{words.strip()}>")
                continue
            assert isinstance(node, Text)
            (part,) = node.parts
            assert isinstance(part, Fragment) and part.value == words and part.span == node.span
            found.append(words)
    return found


SPLITS = {
    "a; b": ["a", "b"],
    "SELECT 1;\nSELECT 2;\n": ["SELECT 1", "SELECT 2"],
    "SELECT 1": ["SELECT 1"],
    "\n-- only a comment\n": [],
    ";;\n;": [],
    "SELECT ';' ; SELECT \";\" ; SELECT `;`": ["SELECT ';'", 'SELECT ";"', "SELECT `;`"],
    "SELECT 'it''s; ok'; SELECT 2": ["SELECT 'it''s; ok'", "SELECT 2"],
    "SELECT 'it\\'s; ok'; SELECT 2": ["SELECT 'it\\'s; ok'", "SELECT 2"],
    "SELECT 'C:\\'; SELECT 2": ["SELECT 'C:\\'", "SELECT 2"],
    "SELECT '\\\\'; SELECT 2": ["SELECT '\\\\'", "SELECT 2"],
    "SELECT 1 -- one; two\n; SELECT 2": ["SELECT 1 -- one; two", "SELECT 2"],
    "SELECT 1 /* ; */; SELECT 2": ["SELECT 1 /* ; */", "SELECT 2"],
    "# a; b\nSELECT 1;": ["SELECT 1"],
    "SELECT a #> '{b;c}'; SELECT 2": ["SELECT a #> '{b;c}'", "SELECT 2"],
    "CREATE FUNCTION f() AS $$ a; b; $$; SELECT 2": ["CREATE FUNCTION f() AS $$ a; b; $$", "SELECT 2"],
    "DO $x$ a; $$ b; $$ $x$; SELECT 2": ["DO $x$ a; $$ b; $$ $x$", "SELECT 2"],
    "SELECT $1; SELECT $2": ["SELECT $1", "SELECT $2"],
    "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET c = 1; SELECT CASE WHEN 1 THEN 2 END; END; SELECT 2": [
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET c = 1; SELECT CASE WHEN 1 THEN 2 END; END",
        "SELECT 2",
    ],
    "CREATE PROCEDURE p() BEGIN IF a THEN SELECT 1; END IF; CASE x WHEN 1 THEN SELECT 2; END CASE; END; SELECT 2": [
        "CREATE PROCEDURE p() BEGIN IF a THEN SELECT 1; END IF; CASE x WHEN 1 THEN SELECT 2; END CASE; END",
        "SELECT 2",
    ],
    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END; SELECT 2": [
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END",
        "SELECT 2",
    ],
    "BEGIN; SELECT 1; COMMIT;": ["BEGIN", "SELECT 1", "COMMIT"],
    "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END//\nDELIMITER ;\nSELECT 2;": [
        "<DELIMITER //>",
        "CREATE PROCEDURE p() BEGIN SELECT 1; END",
        "<DELIMITER ;>",
        "SELECT 2",
    ],
    "delimiter $$\nSELECT 1; SELECT 2$$\nSELECT 3$$\n": ["<delimiter $$>", "SELECT 1; SELECT 2", "SELECT 3"],
    "\\c shop\n\\set x 'a;b'\nSELECT 1;\n": ["<\\c shop>", "<\\set x 'a;b'>", "SELECT 1"],
    "SELECT 1 \\gset x_\nSELECT 2;": ["SELECT 1", "SELECT 2"],
    "COPY t (a, b) FROM stdin;\n1\t'\n2\t;\n\\.\nSELECT 2;": ["COPY t (a, b) FROM stdin", "SELECT 2"],
    "COPY t TO stdout;\nSELECT 2;": ["COPY t TO stdout", "SELECT 2"],
    "SELECT 'open;\nCREATE TABLE t (a int);\n": ["SELECT 'open", "CREATE TABLE t (a int)"],
    "SELECT 'open\nSELECT 2;": ["SELECT 'open\nSELECT 2"],
    "SELECT 1;\r\nSELECT 2;\r\n": ["SELECT 1", "SELECT 2"],
    "/*!40101 SET NAMES utf8 */;\nSELECT 1;": ["SELECT 1"],
    "SELECT '😀;', é; SELECT 2": ["SELECT '😀;', é", "SELECT 2"],
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SPLITS.items())
def test_statements(text: str, expected: list[str]):
    assert statements_of(text) == expected


def test_comments_and_names_belong_to_their_statement():
    text = '-- Customers\n/* all\n of them */\nCREATE TABLE "Customer" (id int); -- done\n\n# next\nSELECT 1;'
    (first, item), (second, other) = items_of(text)
    assert [comment.text for comment in item.comments] == ["Customers", "all\n of them", "done"]
    assert [comment.text for comment in other.comments] == ["next"]
    assert {"Customer", "id"} <= item.names
    assert text[second.start] == "#" and first.end == second.start
    for comment in item.comments:
        assert comment.text in text[comment.span.start : comment.span.end]


def test_names_are_not_taken_from_strings_comments_and_data():
    text = "COPY t (a) FROM stdin; -- c1\nfoo\n\\.\n"
    ((_, item),) = items_of(text)
    assert item.names == {"COPY", "t", "a", "FROM", "stdin"}
    ((_, item),) = items_of("SELECT 'word', $$ body $$ FROM t")
    assert item.names == {"SELECT", "FROM", "t"}


def test_the_delimiter_is_remembered_by_the_place():
    first, second, third, _ = cuts_of("DELIMITER //\nSELECT 1//\nDELIMITER ;\nSELECT 2;")
    assert first.place == second.place == Place(owner_line="//")
    assert third.place == TOP


PIECES = st.sampled_from(
    (
        *(
            "'",
            '"',
            "`",
            ";",
            "\n",
            " ",
            "--",
            "/*",
            "*/",
            "$$",
            "$f$",
            "\\",
            "#",
            "//",
            "😀",
            "\r\n",
        ),
        *("SELECT 1", "CREATE TABLE t (a int)", "BEGIN", "END", "CASE", "END IF", "DELIMITER //\n"),
        *(
            "CREATE TRIGGER x ",
            "COPY t FROM stdin;\n",
            "\\.\n",
            "\\d\n",
            "a",
            "(",
            ")",
            "''",
            "\\'",
        ),
    )
)
TEXTS = st.lists(PIECES, max_size=25).map("".join)


@settings(max_examples=400)
@given(TEXTS)
def test_any_text_is_covered_without_gaps(text: str):
    cuts = cuts_of(text)
    assert "".join(text[cut.start : cut.end] for cut in cuts) == text
    statements_of(text)


@settings(max_examples=400)
@given(TEXTS, TEXTS, TEXTS)
def test_cutting_again_from_any_item_gives_the_same_cuts(before: str, middle: str, after: str):
    assert READER is not None
    text = before + middle + after
    cuts = cuts_of(text)
    place = TOP
    for cut, following in zip(cuts, [*cuts[1:], None], strict=False):
        # Only the text up to the first line of the following item may matter.
        end = len(text)
        if following is not None:
            line = text.find("\n", following.start)
            end = len(text) if line < 0 else line + 1
        alone = READER.next_cut(text[cut.start : end], 0, place)
        assert (alone.end, alone.place) == (cut.end - cut.start, cut.place)
        place = cut.place


@pytest.mark.parametrize(
    "seed", ["'", "$$", "/*", "CREATE TRIGGER t BEGIN ", "\\'", "'\\", ";\n'", "$a"]
)
def test_long_broken_files_are_cut_quickly(seed: str):
    import time

    text = f"SELECT 1;\n{seed * 20_000}"
    start = time.perf_counter()
    cuts_of(text)
    assert time.perf_counter() - start < 5
