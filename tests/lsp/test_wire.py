"""The wire: frames out of chunks of any size, broken heads dropped, JSON with odd characters."""

import logging

import pytest
from backend_expert.lsp import wire
from backend_expert.lsp.wire import Frames, Raw, framed
from hypothesis import given
from hypothesis import strategies as st


@given(bodies=st.lists(st.binary(max_size=40), max_size=6), cut=st.integers(1, 30))
def test_frames_come_out_whole_however_they_come_in(bodies: list[bytes], cut: int) -> None:
    stream = b"".join(map(framed, bodies))
    frames = Frames()
    found: list[bytes] = []
    for at in range(0, len(stream), cut):
        found += frames.feed(stream[at : at + cut])
    assert found == bodies


def test_heads_are_read_loosely() -> None:
    stream = b"content-type: x\r\nCONTENT-LENGTH:  2 \r\n\r\n{}"
    assert list(Frames().feed(stream)) == [b"{}"]


@pytest.mark.parametrize(
    "junk", [b"nonsense\r\n\r\n", b"Content-Length: -3\r\n\r\n", b"x" * 70_000]
)
def test_a_broken_head_is_dropped_and_told(junk: bytes, caplog: pytest.LogCaptureFixture) -> None:
    frames = Frames()
    assert list(frames.feed(junk)) == []
    assert list(frames.feed(framed(b"{}"))) == [b"{}"]
    assert len(caplog.records) == 1
    assert caplog.records[0].levelno == logging.ERROR


def test_a_message_beyond_all_measure_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "LONGEST_BODY", 10)
    frames = Frames()
    stream = framed(b"x" * 11) + framed(b"{}")
    assert [body for at in range(len(stream)) for body in frames.feed(stream[at : at + 1])] == [
        b"{}"
    ]


def test_lone_surrogates_go_through() -> None:
    assert wire.decode(b'["\\ud800"]') == ["\ud800"]
    assert wire.decode(wire.encode(["\ud800é"])) == ["\ud800é"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":1}}'])
def test_what_is_no_json(body: bytes) -> None:
    with pytest.raises(ValueError):
        wire.decode(body)


def test_answers_take_json_that_is_ready() -> None:
    assert wire.decode(wire.response("a", Raw(b"[1]"))) == {
        "jsonrpc": "2.0",
        "id": "a",
        "result": [1],
    }
    assert wire.decode(wire.response(1, None)) == {"jsonrpc": "2.0", "id": 1, "result": None}
    told = wire.decode(wire.notification("m", Raw(b"{}")))
    assert told == {"jsonrpc": "2.0", "method": "m", "params": {}}
    failed = wire.decode(wire.failure(None, -1, "no"))
    assert failed == {"jsonrpc": "2.0", "id": None, "error": {"code": -1, "message": "no"}}
