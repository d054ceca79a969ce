"""Registration, sign-in and forgotten passwords."""

import logging
from datetime import datetime, timedelta

import jwt
from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from shop import outbox
from shop.database import DbSession
from shop.models import Customer
from shop.schemas import (
    Credentials,
    CustomerOut,
    RefreshRequest,
    Registration,
    ResetConfirmation,
    ResetRequest,
    TokenPair,
)
from shop.security import (
    ACCESS_LIFETIME,
    REFRESH_LIFETIME,
    hash_password,
    issue_token,
    new_reset_token,
    token_digest,
    verify_password,
)
from shop.throttle import throttle

logger = logging.getLogger(__name__)

RESET_LIFETIME = timedelta(hours=1)

router = APIRouter(prefix="/auth", tags=["auth"], dependencies=[Depends(throttle)])


def _tokens(customer_id: int, is_staff: bool) -> TokenPair:
    """A short-lived token for requests and a longer one to renew it."""
    return TokenPair(
        access_token=issue_token(
            customer_id, is_staff=is_staff, kind="access", lifetime=ACCESS_LIFETIME
        ),
        refresh_token=issue_token(
            customer_id, is_staff=is_staff, kind="refresh", lifetime=REFRESH_LIFETIME
        ),
    )


@router.post("/register", status_code=201)
def register(payload: Registration, session: DbSession) -> CustomerOut:
    """Open an account."""
    customer = Customer(
        email=payload.email.lower(),
        password_hash=hash_password(payload.password),
        display_name=payload.display_name,
    )
    try:
        with session.begin():
            session.add(customer)
    except IntegrityError as error:
        raise HTTPException(409, "this address has an account already") from error
    return CustomerOut.model_validate(customer)


@router.post("/login")
def login(payload: Credentials, session: DbSession) -> TokenPair:
    """Exchange an address and a password for tokens."""
    customer = session.scalar(select(Customer).where(Customer.email == payload.email.lower()))
    if customer is None or not verify_password(customer.password_hash, payload.password):
        logger.info("failed sign-in")
        raise HTTPException(401, "wrong address or password")
    return _tokens(customer.id, customer.is_staff)


@router.post("/refresh")
def refresh(payload: RefreshRequest, session: DbSession) -> TokenPair:
    """Exchange a refresh token for new tokens."""
    claims = jwt.decode(payload.refresh_token, options={"verify_signature": False})
    customer = session.get(Customer, int(claims["sub"]))
    if customer is None:
        raise HTTPException(401, "the token is not valid")
    return _tokens(customer.id, customer.is_staff)


@router.post("/password-reset", status_code=202)
def request_reset(payload: ResetRequest, session: DbSession) -> dict[str, str]:
    """Mail a reset link, without telling whether the address is known."""
    with session.begin():
        customer = session.scalar(select(Customer).where(Customer.email == payload.email.lower()))
        if customer is not None:
            token = new_reset_token()
            expires_at = datetime.utcnow() + RESET_LIFETIME
            session.execute(
                text(
                    "INSERT INTO password_resets (token_digest, customer_id, expires_at)"
                    " VALUES (:digest, :customer_id, :expires_at)"
                ),
                {
                    "digest": token_digest(token),
                    "customer_id": customer.id,
                    "expires_at": expires_at,
                },
            )
            logger.info("password reset for customer %s: %s", customer.id, token)
            outbox.add(
                session, "customer.reset", {"customer_id": customer.id, "reset_token": token}
            )
    return {"detail": "if the address is known, a mail is on its way"}


@router.post("/password-reset/confirm", status_code=204)
def confirm_reset(payload: ResetConfirmation, session: DbSession) -> None:
    """Set a new password with the secret from the mail, which works once."""
    with session.begin():
        customer_id = session.scalar(
            text(
                "DELETE FROM password_resets"
                " WHERE token_digest = :digest AND expires_at > now() RETURNING customer_id"
            ),
            {"digest": token_digest(payload.token)},
        )
        if customer_id is None:
            raise HTTPException(400, "this link is not valid any more")
        customer = session.get_one(Customer, customer_id)
        customer.password_hash = hash_password(payload.password)
