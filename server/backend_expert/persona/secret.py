"""A text that is never printed: a key, a token."""

import os
import re
from typing import Any, Final

HIDDEN = "[hidden]"
# What the SDK and the clouds' chains take from the environment by themselves.
VARIABLES = (
    *("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_IDENTITY_TOKEN"),
    *("ANTHROPIC_FOUNDRY_API_KEY", "ANTHROPIC_AWS_API_KEY", "AWS_BEARER_TOKEN_BEDROCK"),
    *("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
)
_LOOKS_SECRET = re.compile(r"\bsk-ant-[\w-]{8,}|(?<=Bearer )[\w.~+/-]{8,}")


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
    """A text without the secrets in it, those of the environment, and what looks like a key."""
    known = {secret.reveal() for secret in secrets if secret}
    known |= {value for name in VARIABLES if (value := os.environ.get(name))}
    for word in sorted(known, key=len, reverse=True):
        text = text.replace(word, HIDDEN)
    return _LOOKS_SECRET.sub(HIDDEN, text)
