"""Redacting and restoring is the identity, however the answer is cut, in text and in JSON."""

import json
import re
from itertools import pairwise

import pytest
from backend_expert.persona.gate import Cleared, Placeholders, Restorer
from backend_expert.persona.gate.redaction import redact
from backend_expert.persona.gate.restorer import restore, restore_json
from backend_expert.persona.gate_settings import GateSettings
from hypothesis import given
from hypothesis import strategies as st

from tests.persona.gate.conftest import Place
from tests.persona.gate.test_secrets import KEYS, RANDOM

SETTINGS = GateSettings(redact_hosts=True, redact_emails=True)
NONCE = "x7qa"
TRAPS = [
    f"BACKEND_EXPERT_SECRET_1_{NONCE}",
    "BACKEND_EXPERT_SECRET_1_",
    "BACKEND_EXPERT_SECRET_",
    "BACKEND_EXPERT_SECRET_1_zzzz",
    f"_{NONCE}",
    "B",
    "BACK",
    "1",
    'password = "hunter7x"',
    "10.0.0.1",
    "ann@example.com",
    "\n",
    '"',
    "\\",
    "é\u2028",
]
# A text of secrets, of what looks like their placeholders, and of anything else.
EDGES = st.sampled_from([" ", '"', "'", "=", "(", "`", ",", "\n", ":"])
KEY = st.builds("{}{}{}".format, EDGES, st.sampled_from(KEYS), EDGES)
TEXT = st.lists(KEY | st.sampled_from(TRAPS) | st.text(max_size=8), max_size=12).map("".join)


def chunks(text: str, cuts: list[int]) -> list[str]:
    at = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    return [text[a:b] for a, b in pairwise(at)]


@given(st.lists(TEXT, min_size=1, max_size=3), st.lists(st.integers(0, 10_000), max_size=12))
def test_what_was_kept_back_comes_back_however_it_is_cut(texts: list[str], cuts: list[int]) -> None:
    placeholders = Placeholders(NONCE)
    for text, sent in zip(texts, redact(texts, placeholders, SETTINGS).texts, strict=True):
        assert restore(sent, placeholders) == text
        restorer = Restorer(placeholders)
        shown = "".join([restorer.feed(part) for part in chunks(sent, cuts)] + [restorer.end()])
        assert shown == text
        assert [key for key in KEYS if key in sent] == []


@given(TEXT)
def test_json_stays_json(text: str) -> None:
    placeholders = Placeholders(NONCE)
    sent = redact([text], placeholders, SETTINGS).texts[0]
    for plain in (True, False):
        answer = json.dumps({"edits": [{"new": sent, sent: 1}]}, ensure_ascii=plain)
        assert json.loads(restore_json(answer, placeholders)) == {"edits": [{"new": text, text: 1}]}


@given(TEXT, st.integers(0, 10_000), st.sampled_from(KEYS))
def test_a_secret_is_kept_back_in_every_position(text: str, at: int, key: str) -> None:
    at %= len(text) + 1
    whole = f"{text[:at]}\n{key}\n{text[at:]}"
    sent = redact([whole], Placeholders(NONCE), SETTINGS).texts[0]
    assert key not in sent


@given(TEXT, st.lists(st.integers(0, 10_000), max_size=8))
def test_nothing_is_held_back_but_the_beginning_of_a_placeholder(
    text: str, cuts: list[int]
) -> None:
    placeholders = Placeholders(NONCE)
    word = placeholders.of("hidden")
    restorer = Restorer(placeholders)
    fed = given_out = ""
    for part in chunks(text.replace(word, ""), cuts):
        fed += part
        given_out += restorer.feed(part)
        assert fed.startswith(given_out)
        assert word.startswith(fed[len(given_out) :])


def test_placeholders_are_names_and_strings_in_every_language() -> None:
    placeholders = Placeholders(NONCE)
    words = [placeholders.of(str(n)) for n in range(12)] + [placeholders.of("h", "HOST")]
    assert all(re.fullmatch(r"[A-Z]\w+", word, re.ASCII) for word in words)
    assert len({*words}) == len(words)
    assert [(a, b) for a in words for b in words if a != b and b.startswith(a)] == []


def test_a_conversation_keeps_its_placeholders_byte_for_byte(at: Place) -> None:
    gate = at.gate()
    first = at.cleared(f'API_KEY = "{RANDOM}"\npassword = "hunter7x"', gate=gate)
    again = gate.clear(
        at.request(f'API_KEY = "{RANDOM}"\npassword = "hunter7x"', f"and {KEYS[0]}?", RANDOM),
        first.destination,
        first.model,
        placeholders=first.placeholders,
    )
    assert isinstance(again, Cleared)
    assert again.outgoing.system == first.outgoing.system
    assert again.outgoing.turns[0].blocks[0] == first.outgoing.turns[0].blocks[0]


def test_what_was_kept_back_once_is_kept_back_without_its_name(at: Place) -> None:
    gate = at.gate()
    first = at.cleared('passphrase = "correct-horse-battery"', gate=gate)
    request = at.request("is correct-horse-battery a good one?")
    later = gate.clear(request, first.destination, first.model, placeholders=first.placeholders)
    assert isinstance(later, Cleared)
    assert "horse" not in later.outgoing.turns[0].blocks[0].text


def test_placeholders_are_unlike_what_a_text_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = iter("abcdx7qamnop")
    monkeypatch.setattr("secrets.choice", lambda _: next(letters))
    texts = ["BACKEND_EXPERT_SECRET_1_abcd and BACKEND_EXPERT_HOST_22_x7qa"]
    assert Placeholders.apart_from(texts).of("s").endswith("_1_mnop")


def test_quotes_and_line_ends_in_a_secret_stay_inside_the_string() -> None:
    placeholders = Placeholders(NONCE)
    secret = 'a"b\\c\nd\u2028é'
    answer = json.dumps({"new": f"x = {placeholders.of(secret)}"})
    assert json.loads(restore_json(answer, placeholders)) == {"new": f"x = {secret}"}


def test_an_answer_is_restored_and_a_made_up_placeholder_is_left(at: Place) -> None:
    cleared = at.cleared(f'API_KEY = "{RANDOM}"')
    word = cleared.outgoing.turns[0].blocks[0].text.split('"')[1]
    made_up = word.replace("_1_", "_9_")
    assert cleared.restore(f"use {word} not {made_up}") == f"use {RANDOM} not {made_up}"
    assert cleared.restore_json(f'["{word}"]') == f'["{RANDOM}"]'
    restorer = cleared.restorer()
    assert restorer.feed(word[:9]) == ""
    assert restorer.feed(word[9:] + "!") == RANDOM + "!"
