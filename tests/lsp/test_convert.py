"""Addresses: paths to URIs and back, odd characters and drives included."""

import pytest
from backend_expert.lsp.convert import offset_of, path_of, span_of, uri_of
from backend_expert.text.encoding import Encoding
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b.py", "/a/b.py"),
        ("file:///a/two%20words/%C3%A9t%C3%A9.py", "/a/two words/été.py"),
        ("file:///a/two words/été.py", "/a/two words/été.py"),
        ("file:///a/100%25.py", "/a/100%.py"),
        ("file:///a/b%23c%3Fd.py", "/a/b#c?d.py"),
        ("file:///a/b#c?d.py", "/a/b#c?d.py"),
        ("file:///c%3A/x/y.py", "C:/x/y.py"),
        ("file:///C:/x/y.py", "C:/x/y.py"),
        ("file://server/share/y.py", "//server/share/y.py"),
        ("file://localhost/a.py", "/a.py"),
        ("FILE:///a.py", "/a.py"),
        ("file:/a.py", "/a.py"),
        ("untitled:Untitled-1", None),
        ("vscode-notebook-cell:/a.py#x", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_the_path_of_a_uri(uri: str, path: str | None) -> None:
    assert path_of(uri) == path


ODD = [
    "/a/two words/été.py",
    "/a/100%.py",
    "/a/#?.py",
    "C:/x y.py",
    "//host/s/y.py",
    "/a/\udcff.py",
]


@pytest.mark.parametrize("path", ["/a/b.py", *ODD])
def test_a_path_survives_the_way_there_and_back(path: str) -> None:
    assert path_of(uri_of(path)) == path


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 7), ("utf-16", 4), ("utf-32", 3)])
def test_positions_in_three_encodings(encoding: Encoding, character: int) -> None:
    document = Document.open("untitled:a", "x\né😀b\n")
    # é is 2 bytes, 1 unit; 😀 is 4 bytes, 2 units.
    assert offset_of(document, 1, character, encoding) == 5
    assert offset_of(document, 1, 99, encoding) == 5
    assert offset_of(document, 0, 99, encoding) == 1
    assert offset_of(document, 9, 0, encoding) == 6
    spread = {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": character}}
    assert span_of(document, spread, encoding) == Span(2, 5)


def test_a_position_inside_a_character_is_its_start() -> None:
    document = Document.open("untitled:a", "😀b")
    assert offset_of(document, 0, 1, "utf-16") == 0
    assert offset_of(document, 0, 3, "utf-8") == 0
