"""Rendered diagnostics: after any edits they say what rendering afresh says, in all encodings."""

import json
import re
from pathlib import Path

import pytest
from backend_expert.ide.types import Diagnostic, PieceDiagnostics, Related
from backend_expert.lsp.capabilities import Client
from backend_expert.lsp.fragments import Renderer, Shape
from backend_expert.text.encoding import ENCODINGS
from backend_expert.text.span import Span
from backend_expert.workspace import document as documents
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Snapshot
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import clients
from tests.support.fake_reader import Indented, Semicolons, line_starts

READERS = {"indented": Indented(), "semicolons": Semicolons()}
EVERYTHING = [
    Shape(encoding, True, True, frozenset({"deprecated"}), True) for encoding in ENCODINGS
]


@pytest.fixture(autouse=True)
def fake_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "reader_for", READERS.get)


def found(document: Document) -> list[PieceDiagnostics]:
    """A diagnostic on each `x`, related to its item's start and to the first item."""
    groups = []
    for index, piece in enumerate(document.pieces):
        kept = piece.notes.get("test")
        if kept is None or kept[0] is not document.pieces[0]:
            first = document.pieces[0]
            related = (
                Related(Span(0, 1), "here"),
                Related(Span(0, min(1, len(first))), "first", first),
            )
            made = tuple(
                Diagnostic(
                    Span(*match.span()), "a/b", 'an "x" é', related=related, tags=("deprecated",)
                )
                for match in re.finditer("x", piece.text)
            )
            kept = piece.notes["test"] = (first, made)
        groups.append(PieceDiagnostics(index, kept[1]))
    return groups


def expected(document: Document, shape: Shape) -> list[dict]:
    """The same worked out on the whole text, naively."""
    text, starts = document.text, line_starts(document.text)

    def position(offset: int) -> dict[str, int]:
        line = max(at for at, start in enumerate(starts) if start <= offset)
        before = text[starts[line] : offset].rstrip("\r\n")
        if shape.encoding == "utf-8":
            units = len(before.encode("utf-8", "surrogatepass"))
        else:
            units = len(before.encode("utf-16-le", "surrogatepass")) // 2
            units = len(before) if shape.encoding == "utf-32" else units
        return {"line": line, "character": units}

    answer = []
    for index, piece in enumerate(document.pieces):
        start = document.start_of(index)
        for match in re.finditer("x", piece.text):
            at = start + match.start()
            answer.append(
                {
                    "range": {"start": position(at), "end": position(at + 1)},
                    "related": [
                        {"start": position(start), "end": position(start + 1)},
                        {"start": position(0), "end": position(min(1, len(document.pieces[0])))},
                    ],
                }
            )
    return answer


PARTS = ["x", "é x", "😀x\n", "\n", "\r\n", "def f():\n    x\n", ";", "a;x;b", "    ", "\ud800x"]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=12).map("".join)
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 5), TEXTS), max_size=5)


@pytest.mark.parametrize("language", READERS)
@settings(max_examples=60)
@given(text=TEXTS, edits=EDITS)
def test_spans_are_right_after_edits(language: str, text: str, edits: list) -> None:
    document = Document.open("file:///a", text, language=language)
    renderers = [Renderer(shape) for shape in EVERYTHING]
    for where, length, new in [(0, 0, ""), *edits]:
        start = round(where * len(document))
        document = document.replaced(Span(start, min(start + length, len(document))), new)
        snapshot = Snapshot({document.uri: document})
        for renderer in renderers:
            items = json.loads(renderer.render(snapshot, document, found(document)))
            told = [
                {
                    "range": item["range"],
                    "related": [r["location"]["range"] for r in item["relatedInformation"]],
                }
                for item in items
            ]
            assert told == expected(document, renderer.shape)


def render(shape: Shape, diagnostic: Diagnostic, text: str = "abc\n") -> dict:
    document = Document.open("file:///a", text, language="indented")
    groups = [PieceDiagnostics(0, (diagnostic,))]
    return json.loads(Renderer(shape).render(Snapshot({}), document, groups))[0]


FULL = Diagnostic(
    Span(0, 1),
    "a/b",
    "wrong",
    1,
    (Related(Span(1, 2), "because"),),
    True,
    "https://x",
    ("deprecated",),
)


def test_a_client_that_understands_everything_is_told_everything() -> None:
    place = {"start": {"line": 0, "character": 1}, "end": {"line": 0, "character": 2}}
    assert render(EVERYTHING[0], FULL) == {
        "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}},
        "severity": 1,
        "code": "a/b",
        "source": "backend-expert",
        "message": "wrong",
        "codeDescription": {"href": "https://x"},
        "tags": [2],
        "data": {"fixable": True},
        "relatedInformation": [
            {"location": {"uri": "file:///a", "range": place}, "message": "because"}
        ],
    }


def test_a_client_that_understands_little_gets_the_reasons_in_words() -> None:
    told = render(Shape.of(Client({})), FULL)
    assert set(told) == {"range", "severity", "code", "source", "message"}
    assert told["message"] == "wrong\nbecause"


def test_a_place_in_another_file_needs_that_file() -> None:
    other = Document.open("file:///b", "one\ntwo\n", language="indented")
    related = Related(Span(4, 7), "there", uri="file:///b")
    groups = [PieceDiagnostics(0, (Diagnostic(Span(0, 1), "a/b", "m", related=(related,)),))]
    renderer = Renderer(EVERYTHING[0])
    for known, line in ((Snapshot({"file:///b": other}), 1), (Snapshot({}), 0)):
        document = Document.open("file:///a", "abc\n", language="indented")
        items = json.loads(renderer.render(known, document, groups))
        place = items[0]["relatedInformation"][0]["location"]
        assert place["uri"] == "file:///b"
        assert place["range"]["start"]["line"] == line


def test_a_place_in_a_file_that_is_not_open(tmp_path: Path) -> None:
    path = tmp_path / "ü b.py"
    path.write_text("😀é = 1\n😀é there\n")
    related = Related(Span(10, 15), "there", uri=path.as_uri())
    groups = [PieceDiagnostics(0, (Diagnostic(Span(0, 1), "a/b", "m", related=(related,)),))]
    document = Document.open("file:///a", "abc\n", language="indented")
    items = json.loads(Renderer(EVERYTHING[0]).render(Snapshot({}), document, groups))
    place = items[0]["relatedInformation"][0]["location"]
    assert place["uri"] == path.as_uri()
    columns = {"utf-8": 7, "utf-16": 4, "utf-32": 3}
    start = {"line": 1, "character": columns[EVERYTHING[0].encoding]}
    assert place["range"]["start"] == start


def test_the_shape_that_editors_ask_for() -> None:
    shape = Shape.of(Client(clients.vscode()))
    assert shape == Shape("utf-16", True, True, frozenset({"unnecessary", "deprecated"}), True)
    assert Shape.of(Client(clients.bare())) == Shape("utf-16", False, False, frozenset(), False)
