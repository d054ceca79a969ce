"""Paying for an order, and giving the money back."""

import logging

from fastapi import HTTPException
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import outbox
from shop.database import get_pool
from shop.models import Order, OrderStatus, Payment
from shop.payments import PaymentClient, PaymentError

logger = logging.getLogger(__name__)


def lock_order(session: Session, order_id: int, customer_id: int) -> Order:
    """A customer's order, locked until the transaction ends."""
    order = session.scalar(
        select(Order)
        .where(Order.id == order_id, Order.customer_id == customer_id)
        .with_for_update()
    )
    if order is None:
        raise HTTPException(404, "no such order")
    return order


def pay(
    session: Session, payments: PaymentClient, order_id: int, customer_id: int, card_token: str
) -> Order:
    """Charge the card for an order. The key makes a second attempt harmless."""
    with session.begin():
        order = lock_order(session, order_id, customer_id)
        if order.status != OrderStatus.PENDING:
            raise HTTPException(409, f"the order is already {order.status}")
        try:
            charge = payments.charge(order.total, card_token, idempotency_key=f"order-{order_id}")
        except PaymentError as error:
            logger.error("the payment for order %s failed", order_id)
            raise HTTPException(502, "the payment could not be taken") from error
        order.status = OrderStatus.PAID
        session.add(Payment(order_id=order_id, provider_ref=charge.reference, amount=charge.amount))
        outbox.add(session, "order.paid", {"order_id": order_id})
    return order


def refund(payments: PaymentClient, order_id: int, reason: str) -> None:
    """Return a payment and remember why."""
    with get_pool().connection() as connection:
        payment = connection.execute(
            "SELECT provider_ref, amount FROM payments WHERE order_id = %s", (order_id,)
        ).fetchone()
    if payment is None:
        raise HTTPException(404, "no payment for this order")
    reference, amount = payment["provider_ref"], payment["amount"]
    payments.refund(reference, amount)

    with get_pool().connection() as connection:
        connection.execute(
            "INSERT INTO refunds (order_id, amount, reason) VALUES (%s, %s, %s)"
            " ON CONFLICT (order_id) DO NOTHING",
            (order_id, amount, reason),
        )
        connection.execute(
            "UPDATE orders SET status = %s WHERE id = %s", (OrderStatus.REFUNDED, order_id)
        )
