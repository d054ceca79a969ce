"""Texts with placeholders in the places of their secrets, the same one for the same secret."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from backend_expert.persona.gate.assigned import by_place
from backend_expert.persona.gate.formats import by_format
from backend_expert.persona.gate.found import Found, united
from backend_expert.persona.gate.placeholders import Kind, Placeholders
from backend_expert.persona.gate.private import emails, hosts
from backend_expert.persona.gate.random_words import by_entropy
from backend_expert.persona.gate_settings import GateSettings

_QUOTES = "\"'`"


class Redacted(msgspec.Struct, frozen=True):
    """Texts that may leave, and how many different secrets of each kind they had."""

    texts: tuple[str, ...]
    counts: Mapping[Kind, int]


def redact(texts: Sequence[str], placeholders: Placeholders, settings: GateSettings) -> Redacted:
    """Texts without secrets.

    What was kept back earlier in the conversation is kept back again, also where it stands without
    the name that told what it is.
    """
    found = [list(_found(text, settings)) for text in texts]
    sure: dict[str, Kind] = {}
    unsure: dict[str, Kind] = {}
    for text, places in zip(texts, found, strict=True):
        for place in places:
            known = sure if place.is_sure else unsure
            known.setdefault(text[place.start : place.end], place.kind)
    for text, kind, is_sure in placeholders.known():
        (sure if is_sure else unsure).setdefault(text, kind)
    counts: dict[Kind, set[str]] = {}
    done: list[str] = []
    for text, places in zip(texts, found, strict=True):
        places += _again(text, sure, unsure)
        # A text that looks like one of our placeholders gets one itself: so it comes back as it is.
        places += (Found(*m.span()) for m in placeholders.shape.finditer(text))
        parts: list[str] = []
        at = 0
        for place in united(places):
            word = text[place.start : place.end]
            counts.setdefault(place.kind, set()).add(word)
            parts += (text[at : place.start], placeholders.of(word, place.kind, place.is_sure))
            at = place.end
        done.append("".join((*parts, text[at:])))
    return Redacted(tuple(done), Counter({kind: len(words) for kind, words in counts.items()}))


def _found(text: str, settings: GateSettings) -> Iterator[Found]:
    yield from by_format(text)
    yield from by_place(text)
    yield from by_entropy(text)
    if settings.redact_hosts:
        yield from hosts(text)
    if settings.redact_emails:
        yield from emails(text)


def _again(text: str, sure: Mapping[str, Kind], unsure: Mapping[str, Kind]) -> Iterator[Found]:
    for word, kind in sure.items():
        for at in _places(text, word):
            yield Found(at, at + len(word), kind)
    for word, kind in unsure.items():
        for at in _places(text, word):
            end = at + len(word)
            if text[at - 1 : at] in _QUOTES and at and text[end : end + 1] in _QUOTES:
                yield Found(at, end, kind, is_sure=False)


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))
