"""A small cache: Redis where it is configured, a dictionary with expiry where it is not."""

import json
import secrets
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol

import redis

from shop.settings import get_settings

RELEASE = (
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"
)


class Cache(Protocol):
    """What the shop asks of a cache."""

    def get(self, key: str) -> Any | None: ...
    def put(self, key: str, value: Any, ttl: int) -> None: ...
    def increment(self, key: str, ttl: int) -> int: ...
    def acquire(self, name: str, ttl: int) -> Callable[[], None] | None: ...


class MemoryCache:
    """For development and tests: one process only."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[float, Any]] = {}

    def get(self, key: str) -> Any | None:
        expires, value = self._entries.get(key, (0.0, None))
        return value if expires > time.monotonic() else None

    def put(self, key: str, value: Any, ttl: int) -> None:
        self._entries[key] = (time.monotonic() + ttl, value)

    def increment(self, key: str, ttl: int) -> int:
        count = (self.get(key) or 0) + 1
        self.put(key, count, ttl)
        return count

    def acquire(self, name: str, ttl: int) -> Callable[[], None] | None:
        if self.get(name):
            return None
        self.put(name, True, ttl)
        return lambda: self.put(name, None, 0)


class RedisCache:
    """Values are JSON. A cache that is down counts as a miss."""

    def __init__(self, client: redis.Redis) -> None:
        self._client = client

    def get(self, key: str) -> Any | None:
        try:
            raw = self._client.get(key)
        except Exception:
            return None
        return json.loads(raw) if raw is not None else None

    def put(self, key: str, value: Any, ttl: int) -> None:
        self._client.set(key, json.dumps(value), ex=ttl)

    def increment(self, key: str, ttl: int) -> int:
        pipeline = self._client.pipeline(transaction=True)
        pipeline.incr(key)
        pipeline.expire(key, ttl, nx=True)
        return int(pipeline.execute()[0])

    def acquire(self, name: str, ttl: int) -> Callable[[], None] | None:
        """Take a lock that frees itself; returns the function that releases it."""
        owner = secrets.token_hex(16)
        if not self._client.setnx(name, owner):
            return None
        self._client.expire(name, ttl)
        return lambda: self._client.eval(RELEASE, 1, name, owner)


@lru_cache(maxsize=1)
def get_cache() -> Cache:
    """The cache of this process."""
    url = get_settings().redis_url
    if url is None:
        return MemoryCache()
    return RedisCache(redis.Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5))
