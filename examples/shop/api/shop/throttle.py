"""Slow down those who guess passwords."""

from fastapi import HTTPException, Request

MAX_ATTEMPTS = 10

_attempts: dict[str, int] = {}


def throttle(request: Request) -> None:
    """Refuse an address that has asked too often."""
    address = request.client.host if request.client else "unknown"
    key = f"throttle:{request.scope['route'].path}:{address}"
    _attempts[key] = _attempts.get(key, 0) + 1
    if _attempts[key] > MAX_ATTEMPTS:
        raise HTTPException(429, "too many attempts, try again later")
