"""Failure words: each kind is one plain sentence that says what to do next."""

import re
from pathlib import Path
from typing import get_args

import pytest
from backend_expert.persona.events import Failed, Kind
from backend_expert.persona.failures import SENTENCES, sentence

KINDS = get_args(Kind)
TO_DO = re.compile(r"\b(set|check|ask|choose|give|select|raise|add|see to)\b")
JARGON = re.compile(r"\b(HTTP|API(?!_KEY)|JSON|exception|status|null|\d{3})\b")
FILE = Path("/home/me/.config/backend-expert/settings.toml")


def told(kind: Kind, *more, **given) -> str:
    return sentence(Failed(kind, *more, **given), lambda: FILE)


def test_there_is_a_sentence_for_each_kind():
    assert set(SENTENCES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_one_sentence_of_plain_words_that_says_what_to_do(kind):
    words = told(kind)

    assert words[0].isupper()
    assert words.endswith(".")
    assert ". " not in words
    assert ";" in words or "," in words
    assert TO_DO.search(words), words
    assert not JARGON.search(words), words
    assert len(words.replace(str(FILE), "FILE").split()) <= 32, words
    assert "{" not in words


@pytest.mark.parametrize("kind", KINDS)
def test_it_takes_details_and_ids_and_no_markdown_of_theirs(kind):
    words = told(kind, "`![x](http://evil.example)`\n", "req_1")

    assert words.endswith("request `req_1`).")
    assert re.sub(r"`[^`]*`", "", words).count("!") == 0


@pytest.mark.parametrize(
    ("failed", "words"),
    [
        (
            Failed("no key"),
            f"No key for the model is set up; set ANTHROPIC_API_KEY, or `key-command` in `{FILE}`.",
        ),
        (
            Failed("rate limit", "no", "req_1", 30),
            "The provider takes no more requests from you for now; ask again in 30 seconds (request `req_1`).",
        ),
        (
            Failed("overload", retry_after=3600),
            "The provider has too much to do right now; ask again in 60 minutes.",
        ),
        (
            Failed("rate limit", retry_after=90_000),
            "The provider takes no more requests from you for now; ask again in 25 hours.",
        ),
        (
            Failed("rate limit", retry_after=0.2),
            "The provider takes no more requests from you for now; ask again in 1 second.",
        ),
        (
            Failed("server"),
            "Something went wrong at the provider; ask again in a minute.",
        ),
        (
            Failed("no model", "model: claude-9.", "req_2"),
            f"The provider does not know this model; choose another `model` in `{FILE}` "
            "(reason: `model: claude-9`; request `req_2`).",
        ),
    ],
)
def test_it_reads_well(failed, words):
    assert sentence(failed, lambda: FILE) == words
