"""Placeholders: words that stand for secrets in what is sent, and are put back in the answer."""

import re
import secrets
import string
import threading
from collections.abc import Iterable
from typing import Literal

Kind = Literal["SECRET", "HOST", "EMAIL"]

_SHAPE = r"BACKEND_EXPERT_(?:SECRET|HOST|EMAIL)_\d+_"
_ANY = re.compile(_SHAPE + r"([0-9a-z]{4})")
_LETTERS = string.ascii_lowercase + string.digits


class Placeholders:
    """The placeholders of one conversation.

    A secret has the same one in all of it, so that what was sent once is sent again byte for byte.
    They are words of letters, digits and underscores, good inside a string and as a name in every
    language. None is the beginning of another.
    """

    def __init__(self, nonce: str) -> None:
        self.shape = re.compile(_SHAPE + re.escape(nonce))
        self._nonce = nonce
        self._by_secret: dict[str, str] = {}
        self._secrets: dict[str, str] = {}
        self._known: dict[str, tuple[Kind, bool]] = {}
        self._lock = threading.Lock()

    @classmethod
    def apart_from(cls, texts: Iterable[str]) -> "Placeholders":
        """Placeholders unlike any word of some texts."""
        taken = {nonce for text in texts for nonce in _ANY.findall(text)}
        while True:
            nonce = "".join(secrets.choice(_LETTERS) for _ in range(4))
            if nonce not in taken and not nonce.isdigit():
                return cls(nonce)

    def of(self, secret: str, kind: Kind = "SECRET", is_sure: bool = True) -> str:
        """The placeholder of a secret; a new one when it has none.

        is_sure: it is a secret wherever it stands, not only where it was found.
        """
        with self._lock:
            known = self._by_secret.get(secret)
            if known is None:
                known = f"BACKEND_EXPERT_{kind}_{len(self._secrets) + 1}_{self._nonce}"
                self._by_secret[secret] = known
                self._secrets[known] = secret
                self._known[secret] = (kind, is_sure)
            return known

    def secret(self, placeholder: str) -> str | None:
        """What a placeholder stands for; None when it stands for nothing."""
        return self._secrets.get(placeholder)

    def known(self) -> list[tuple[str, Kind, bool]]:
        """The secrets that have a placeholder, their kinds, and whether they are sure."""
        with self._lock:
            return [(secret, kind, is_sure) for secret, (kind, is_sure) in self._known.items()]

    def begun(self, tail: str) -> bool:
        """Whether `tail` is the beginning of a placeholder, and not yet all of it."""
        return any(p.startswith(tail) and p != tail for p in self._secrets)

    @property
    def longest(self) -> int:
        """The length of the longest placeholder."""
        return max(map(len, self._secrets), default=0)
