"""A place in a text that must not be sent as it is."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from backend_expert.persona.gate.placeholders import Kind

WIDEST = 4_000  # characters that one expression looks at, at most
_OVERLAP = 400
_SURE = 12


class Found(msgspec.Struct, frozen=True, order=True):
    """What was found from `start` to `end`.

    is_sure: the same text is kept back wherever it stands, also inside other words. What is not is
    kept back here and where it is a quoted text, since `shop` may be a password and a word.
    """

    start: int
    end: int
    kind: Kind = "SECRET"
    is_sure: bool = True


def secret(start: int, end: int) -> Found:
    """A secret; a short one may be a word of the language as well."""
    return Found(start, end, "SECRET", end - start >= _SURE)


def united(found: Iterable[Found]) -> list[Found]:
    """Places in order, with those that overlap made one."""
    whole: list[Found] = []
    for place in sorted(found):
        last = whole[-1] if whole else None
        if last is None or place.start >= last.end:
            whole.append(place)
            continue
        kind: Kind = last.kind if last.kind == place.kind else "SECRET"
        end = max(last.end, place.end)
        whole[-1] = Found(last.start, end, kind, last.is_sure or place.is_sure)
    return whole


def lines(text: str, hint: re.Pattern[str], after: int = 0) -> Iterator[tuple[int, str]]:
    """The lines that a cheap hint is in, with their offsets, and so many lines after each.

    Most of a text is none of a detector's business, and a brief must be ready within moments.
    """
    done = 0
    for found in hint.finditer(text):
        if found.start() < done:
            continue
        start = text.rfind("\n", 0, found.start()) + 1
        end = found.end()
        for _ in range(after + 1):
            end = text.find("\n", end) + 1
            if not end:
                end = len(text)
                break
        # What comes after is looked at for itself too, when a hint is in it.
        done = text.find("\n", found.end())
        done = len(text) if done < 0 else done
        for offset, part in windows(text[start:end]):
            yield start + offset, part


def windows(text: str) -> Iterator[tuple[int, str]]:
    """A text in parts with their offsets, cut between lines where lines are short enough.

    Expressions made elsewhere may take the square of a text's length, and a text may be made to
    have them do so. Parts of one long line overlap, so that a secret is whole in one of them.
    """
    start = 0
    while len(text) - start > WIDEST:
        line_end = text.rfind("\n", start, start + WIDEST) + 1
        end = line_end or start + WIDEST
        yield start, text[start:end]
        start = line_end or end - _OVERLAP
    yield start, text[start:]
