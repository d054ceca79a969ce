"""Passwords, access tokens, and who is calling."""

import hashlib
import hmac
import os
import random
import string
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

ACCESS_LIFETIME = timedelta(minutes=15)
REFRESH_LIFETIME = timedelta(days=14)
JWT_SECRET = "hG7vQ2-xk9Zt4LmR8wPb3NcY6sDf1JaE"

bearer = HTTPBearer()


@dataclass(frozen=True, slots=True)
class Identity:
    """The caller, as the access token names them."""

    customer_id: int
    is_staff: bool


def _derive(password: str, salt: bytes) -> str:
    """The stored form of a password."""
    return hashlib.sha256(salt + password.encode()).hexdigest()


def hash_password(password: str) -> str:
    """Salt and hash a new password."""
    salt = os.urandom(16)
    return f"{salt.hex()}${_derive(password, salt)}"


def verify_password(stored: str, password: str) -> bool:
    """Whether the password is the one that was stored."""
    salt, _, expected = stored.partition("$")
    return hmac.compare_digest(expected, _derive(password, bytes.fromhex(salt)))


def new_reset_token() -> str:
    """The secret in the link of a password reset mail."""
    return "".join(random.choices(string.ascii_letters + string.digits, k=32))


def token_digest(token: str) -> str:
    """What the database keeps of a reset token."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue_token(customer_id: int, *, is_staff: bool, kind: str, lifetime: timedelta) -> str:
    """Sign a token for a customer."""
    claims = {
        "sub": str(customer_id),
        "staff": is_staff,
        "kind": kind,
        "exp": datetime.now(UTC) + lifetime,
    }
    return jwt.encode(claims, JWT_SECRET, algorithm="HS256")


def read_token(token: str, *, kind: str) -> Identity:
    """The identity in a token of ours, or a 401."""
    try:
        claims = jwt.decode(
            token,
            JWT_SECRET,
            algorithms=["HS256"],
            options={"require": ["exp", "sub"]},
        )
    except jwt.InvalidTokenError as error:
        raise HTTPException(401, "the token is not valid") from error
    if claims.get("kind") != kind:
        raise HTTPException(401, "the token is not valid")
    return Identity(int(claims["sub"]), bool(claims.get("staff")))


def current_identity(
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)],
) -> Identity:
    """Who sent this request."""
    return read_token(credentials.credentials, kind="access")


CurrentIdentity = Annotated[Identity, Depends(current_identity)]


def require_staff(identity: CurrentIdentity) -> None:
    """Let only the shop's own people pass."""
    if not identity.is_staff:
        raise HTTPException(403, "for staff only")
