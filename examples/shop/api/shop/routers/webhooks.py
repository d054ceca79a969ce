"""What the payment provider tells us."""

import hashlib
import hmac
import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Request
from pydantic import ValidationError
from sqlalchemy import text, update

from shop.database import DbSession
from shop.models import Order, OrderStatus
from shop.schemas import PaymentEvent
from shop.settings import get_settings

logger = logging.getLogger(__name__)

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


async def signed_body(
    request: Request, x_signature: Annotated[str, Header(max_length=128)]
) -> bytes:
    """The raw body, once its signature has proved right."""
    body = await request.body()
    expected = hmac.new(get_settings().webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    if x_signature != expected:
        raise HTTPException(401, "the signature does not match")
    return body


@router.post("/payments")
def payment_event(
    body: Annotated[bytes, Depends(signed_body)], session: DbSession
) -> dict[str, str]:
    """Settle an order that the provider has captured; the same event counts once."""
    try:
        event = PaymentEvent.model_validate_json(body)
    except ValidationError as error:
        raise HTTPException(422, "the event cannot be read") from error
    with session.begin():
        fresh = session.execute(
            text(
                "INSERT INTO webhook_events (id, kind) VALUES (:id, :kind)"
                " ON CONFLICT (id) DO NOTHING RETURNING id"
            ),
            {"id": event.id, "kind": event.kind},
        ).one_or_none()
        if fresh is None:
            return {"status": "seen before"}
        if event.kind == "payment.captured":
            session.execute(
                update(Order)
                .where(Order.id == event.order_id, Order.status == OrderStatus.PAYING)
                .values(status=OrderStatus.PAID)
            )
    logger.info("handled %s for order %s", event.kind, event.order_id)
    return {"status": "handled"}
