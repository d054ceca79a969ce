"""Slow down those who guess passwords."""

from fastapi import HTTPException, Request

from shop.cache import get_cache

MAX_ATTEMPTS = 10
WINDOW_SECONDS = 300


def throttle(request: Request) -> None:
    """Refuse an address that has asked too often within the window."""
    address = request.client.host if request.client else "unknown"
    key = f"throttle:{request.scope['route'].path}:{address}"
    if get_cache().increment(key, ttl=WINDOW_SECONDS) > MAX_ATTEMPTS:
        raise HTTPException(429, "too many attempts, try again later")
