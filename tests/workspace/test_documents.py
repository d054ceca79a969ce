"""The open documents: snapshots that stay as they are, whole new texts, files from disk."""

from pathlib import Path

import pytest
from backend_expert.workspace import document as documents
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Documents, read, rewritten
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.fake_reader import Indented

PARTS = ["a = 1\n", "def f():\n", "    b\r\n", "\r", "\n", "é", "x", ""]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=20).map("".join)


@pytest.fixture(autouse=True)
def fake_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "reader_for", lambda name, reader=Indented(): reader)  # noqa: B008


@settings(max_examples=300)
@given(before=TEXTS, after=TEXTS)
def test_a_whole_new_text(before: str, after: str) -> None:
    document = rewritten(Document.open("file:///a", before), after, 7)
    fresh = Document.open("file:///a", after)
    assert document.text == after
    assert document.version == 7
    assert [p.text for p in document.pieces] == [p.text for p in fresh.pieces]


def test_a_whole_new_text_keeps_what_did_not_change() -> None:
    text = "".join(f"def f{i}():\n    {i}\n" for i in range(50))
    document = Document.open("file:///a", text)
    edited = rewritten(document, text.replace("    25\n", "    26\n"), 2)
    assert len(set(map(id, document.pieces)) & set(map(id, edited.pieces))) == 49


def test_a_snapshot_stays_as_it_is() -> None:
    known = Documents()
    known.put(Document.open("file:///a", "1"))
    snapshot = known.snapshot()
    assert known.snapshot() is snapshot
    known.put(Document.open("file:///a", "2"))
    known.put(Document.open("file:///b", "3"))
    assert known.close("file:///b") and not known.close("file:///b")
    assert snapshot.documents["file:///a"].text == "1"
    assert known.snapshot().documents["file:///a"].text == "2"
    more = snapshot.including(Document.open("file:///c", "4"))
    assert more.document("file:///c") and not snapshot.document("file:///c")
    assert more.lasting is snapshot.lasting


def test_what_lasts_ends_with_settings_roots_and_files() -> None:
    known = Documents()
    known.snapshot().lasting["desk"] = 1
    known.put(Document.open("file:///a", "1"))
    assert known.snapshot().lasting == {"desk": 1}
    known.set_settings({"x": 1})
    assert known.snapshot().lasting == {}


def test_files_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "é b.py"
    path.write_bytes(b"\xef\xbb\xbfx = '\xff'\r\n")
    document = read(path)
    assert document.text == "x = '\udcff'\r\n"
    assert document.path == str(path)
    assert document.uri.endswith("%C3%A9%20b.py")
    path.unlink()
    with pytest.raises(OSError):
        read(path)
