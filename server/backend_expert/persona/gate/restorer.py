"""Putting secrets back into an answer: whole, inside JSON, or as it streams in."""

import json
import re

from backend_expert.persona.gate.placeholders import Placeholders

_ADDRESS = re.compile(r"https?:|www\.", re.IGNORECASE)
_LONGEST_WORD = 4_000


def restore(text: str, placeholders: Placeholders) -> str:
    """A text with its secrets put back. Once only: what is put back is not looked at again."""
    return placeholders.shape.sub(lambda m: placeholders.secret(m[0]) or m[0], text)


def restore_json(text: str, placeholders: Placeholders) -> str:
    """The same for the text of a JSON document, whose strings stay strings."""

    def escaped(placeholder: str) -> str:
        secret = placeholders.secret(placeholder)
        return placeholder if secret is None else json.dumps(secret)[1:-1]

    return placeholders.shape.sub(lambda m: escaped(m[0]), text)


class Restorer:
    """Restores a stream of text. It holds back only what may be the beginning of a placeholder.

    What stands in the address of a page is left as it is: a link that someone clicks, or that an
    editor follows, would take the secret there.
    """

    def __init__(self, placeholders: Placeholders) -> None:
        self._placeholders = placeholders
        self._held = ""
        self._word = ""  # the end of what was shown, back to the last blank

    def feed(self, text: str) -> str:
        """What can be shown after `text` has come in."""
        text = self._held + text
        cut = self._cut(text)
        self._held = text[cut:]
        return self._restored(text[:cut])

    def _restored(self, text: str) -> str:
        """A text of which `_word` stands before."""
        before = len(self._word)
        text = self._word + text
        parts: list[str] = []
        at = before
        for found in self._placeholders.shape.finditer(text, before):
            parts.append(text[at : found.start()])
            word = _last_word(text[: found.start()])
            secret = None if _ADDRESS.search(word) else self._placeholders.secret(found[0])
            parts.append(secret or found[0])
            at = found.end()
        parts.append(text[at:])
        self._word = _last_word(text)
        return "".join(parts)

    def end(self) -> str:
        """What was held back to the end: no placeholder came of it."""
        held, self._held = self._held, ""
        return held

    def _cut(self, text: str) -> int:
        at = text.find("B", max(0, len(text) - self._placeholders.longest))
        while at >= 0:
            if self._placeholders.begun(text[at:]):
                return at
            at = text.find("B", at + 1)
        return len(text)


def _last_word(text: str) -> str:
    """The end of a text, back to the last blank."""
    end = text[-_LONGEST_WORD:]
    words = end.split()
    return words[-1] if words and not end[-1].isspace() else ""
