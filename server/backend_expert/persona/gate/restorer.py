"""Putting secrets back into an answer: whole, inside JSON, or as it streams in."""

import json

from backend_expert.persona.gate.placeholders import Placeholders


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
    """Restores a stream of text. It holds back only what may be the beginning of a placeholder."""

    def __init__(self, placeholders: Placeholders) -> None:
        self._placeholders = placeholders
        self._held = ""

    def feed(self, text: str) -> str:
        """What can be shown after `text` has come in."""
        text = self._held + text
        cut = self._cut(text)
        self._held = text[cut:]
        return restore(text[:cut], self._placeholders)

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
