"""A text that is never printed: a key, a token."""

from typing import Any, Final

HIDDEN = "[hidden]"


class Secret:
    """Holds a text. It shows in no `repr`, log, error or JSON; only `reveal` gives it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text: Final = text

    def reveal(self) -> str:
        """The text, for the one place that sends it."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "Secret()"

    def __reduce__(self) -> Any:
        raise TypeError("a secret is not written anywhere")


def hidden(text: str, *secrets: Secret | None) -> str:
    """A text without the secrets in it."""
    for secret in secrets:
        if secret:
            text = text.replace(secret.reveal(), HIDDEN)
    return text
