"""Tokens of a request, and which of them a prompt cache with marks would have had."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Counted:
    """Tokens of a request: new ones, those read from the cache, those written into it."""

    fresh: int
    cached: int = 0
    stored: int = 0

    @property
    def all(self) -> int:
        """All tokens of the request."""
        return self.fresh + self.cached + self.stored


def blocks(body: Any) -> list[dict[str, Any]]:
    """All blocks of a request in the order in which they are cached: tools, system, messages."""
    found: list[dict[str, Any]] = list(body.get("tools") or [])
    system = body.get("system") or []
    found += [{"type": "text", "text": system}] if isinstance(system, str) else system
    for message in body["messages"]:
        content = message["content"]
        texts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        found += [block | {"role": message["role"]} for block in texts]
    return found


class PromptCache:
    """Remembers the prefixes that were marked, as the API does; without its expiry."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def count(self, body: Any, remember: bool = True) -> Counted:
        """The tokens of a request; its marked prefixes are known from then on."""
        digest = hashlib.sha256(str(body["model"]).encode())
        total = cached = marked = 0
        marks: list[str] = []
        for block in blocks(body):
            plain = json.dumps({k: v for k, v in block.items() if k != "cache_control"})
            digest.update(plain.encode())
            total += tokens(plain)
            if block.get("cache_control"):
                marks.append(digest.hexdigest())
                marked = total
                if digest.hexdigest() in self._known:
                    cached = total
        if remember:
            self._known.update(marks)
        return Counted(total - marked, cached, marked - cached)


def tokens(text: str) -> int:
    """About how many tokens a text is: one for every four characters."""
    return max(1, len(text) // 4)
