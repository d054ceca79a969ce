"""The audit log has a line for each answer, and no text unless that is asked for."""

import hashlib
import json
import logging
import os
import stat
from typing import Any

import pytest
from backend_expert.persona.events import Usage
from backend_expert.persona.gate import Cleared, Destination
from backend_expert.persona.gate.audit import Audit, entry_of
from backend_expert.persona.gate.cleared import sent_text
from backend_expert.persona.gate.state import State
from backend_expert.persona.gate_settings import GateSettings

from tests.persona.gate.conftest import MODEL, NOON, Place
from tests.persona.gate.test_secrets import KEYS, RANDOM

USAGE = Usage("claude-sonnet-5-5", fresh=1_000, cached=2_000, stored=300, answered=400)
LOGIN = Destination("anthropic", "https://user:hunter7x@gateway.example.com:8443/v1")


def entries(at: Place) -> list[dict[str, Any]]:
    lines = (at.state / "audit.jsonl").read_bytes().splitlines()
    return [json.loads(line) for line in lines if line]


def test_an_answer_has_a_line_without_its_text(at: Place) -> None:
    gate = at.gate()
    cleared = gate.clear(at.request(f'API_KEY = "{RANDOM}"', "how?"), LOGIN, MODEL)
    assert isinstance(cleared, Cleared)
    at.clock.now += 2.5
    cost = gate.record(cleared, USAGE, "answered", f"Well: {RANDOM}")
    [entry] = entries(at)
    hashed = hashlib.sha256(sent_text(cleared.outgoing).encode()).hexdigest()
    assert entry.pop("at").startswith("20") and len(entry.pop("answer")) == 64
    assert entry == {
        "task": "explain",
        "provider": "anthropic at gateway.example.com:8443",
        "model": "claude-sonnet-5-5",
        "outcome": "answered",
        "seconds": 2.5,
        "fresh": 1_000,
        "cached": 2_000,
        "stored": 300,
        "answered": 400,
        "sent": hashed,
        "cost": cost,
    }
    everything = b"".join(path.read_bytes() for path in at.state.rglob("*") if path.is_file())
    for word in (RANDOM, "how?", "Well", "hunter7x", "API_KEY"):
        assert word.encode() not in everything


def test_the_text_is_kept_when_asked_for_and_never_a_secret(at: Place) -> None:
    gate = at.gate(GateSettings(audit_text=True))
    cleared = at.cleared(f'API_KEY = "{RANDOM}"', "how?", gate=gate)
    gate.record(cleared, USAGE, "answered", f"Well: {RANDOM}, and {KEYS[0]}")
    [entry] = entries(at)
    assert "how?" in entry["sent_text"] and entry["answer_text"].startswith("Well: BACKEND_EXPERT_")
    everything = (at.state / "audit.jsonl").read_text("utf-8")
    assert RANDOM not in everything and KEYS[0] not in everything


def test_half_a_character_breaks_nothing(at: Place) -> None:
    gate = at.gate(GateSettings(audit_text=True))
    gate.record(at.cleared("x = '\ud83d'", gate=gate), USAGE, "answered", "\ud83d")
    [entry] = entries(at)
    assert entry["answer_text"] == "?"


def test_the_hash_is_the_same_with_and_without_secrets_in_the_answer(at: Place) -> None:
    gate = at.gate()
    cleared = at.cleared(f'API_KEY = "{RANDOM}"', gate=gate)
    word = cleared.outgoing.turns[0].blocks[0].text.split('"')[1]
    gate.record(cleared, USAGE, "answered", cleared.restore(f"use {word}"))
    gate.record(cleared, USAGE, "cancelled", cleared.restore(f"use {word}"))
    first, second = entries(at)
    assert first["answer"] == second["answer"] and second["outcome"] == "cancelled"


def test_a_log_that_grew_large_is_put_aside_and_old_ones_go(at: Place) -> None:
    audit = Audit(State(at.state), largest=500)
    entry = entry_of(at.cleared("x"), USAGE, "answered", "a", 0.1, NOON, 1.0)
    for n in range(40):
        audit.write(entry, NOON + n)
    files = sorted(path for path in at.state.iterdir() if path.name.startswith("audit"))
    assert len(files) == 6
    assert all(path.stat().st_size < 1_500 for path in files)
    assert all(
        json.loads(line) for path in files for line in path.read_bytes().split(b"\n") if line
    )


def test_a_line_that_was_cut_short_costs_only_itself(at: Place) -> None:
    gate = at.gate()
    gate.record(at.cleared("x", gate=gate), USAGE, "answered", "a")
    path = at.state / "audit.jsonl"
    path.write_bytes(path.read_bytes() + b'{"at": "20')
    gate.record(at.cleared("x", gate=gate), USAGE, "answered", "a")
    lines = [line for line in path.read_bytes().splitlines() if line]
    assert len(lines) == 3
    assert json.loads(lines[0])["task"] == json.loads(lines[2])["task"] == "explain"


def test_a_full_disk_breaks_no_answer_and_is_said_once(
    at: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    gate = at.gate()
    cleared = at.cleared("x", gate=gate)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with caplog.at_level(logging.WARNING):
        assert gate.record(cleared, USAGE, "answered", "a") is not None
        assert gate.record(cleared, USAGE, "answered", "a") is not None
    assert [record.getMessage().count("No space left") for record in caplog.records] == [1]
    assert gate.spent_today() > 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes; the user's folder is their own")
def test_only_the_user_can_read_the_log(at: Place) -> None:
    gate = at.gate()
    gate.record(at.cleared("x", gate=gate), USAGE, "answered", "a")
    files = [path for path in at.state.rglob("*") if path.is_file()]
    assert len(files) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
