"""Placing, reading, paying and cancelling orders."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import checkout, outbox
from shop.database import DbSession
from shop.events import EventPublisher
from shop.models import Order, OrderItem, OrderStatus, Product
from shop.paging import PAGE_SIZE
from shop.payments import Payments
from shop.schemas import ItemOut, NewOrder, OrderOut, PaymentRequest
from shop.security import CurrentIdentity

router = APIRouter(prefix="/orders", tags=["orders"])


def _with_items(session: Session, orders: list[Order]) -> list[OrderOut]:
    """The orders, each with its lines."""
    answers = []
    for order in orders:
        items = session.scalars(select(OrderItem).where(OrderItem.order_id == order.id))
        answer = OrderOut.model_validate(order)
        answer.items = [ItemOut.model_validate(item) for item in items]
        answers.append(answer)
    return answers


@router.get("")
def list_orders(
    identity: CurrentIdentity,
    session: DbSession,
    limit: int = PAGE_SIZE,
    offset: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> list[OrderOut]:
    """The caller's orders, the newest first."""
    orders = session.scalars(
        select(Order)
        .where(Order.customer_id == identity.customer_id)
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    return _with_items(session, list(orders))


@router.post("", status_code=201)
def place_order(
    payload: NewOrder,
    identity: CurrentIdentity,
    session: DbSession,
    publisher: EventPublisher,
    request: Request,
) -> OrderOut:
    """Reserve the stock and open an order."""
    wanted = {line.sku: line.quantity for line in payload.lines}
    with session.begin():
        products = session.scalars(
            select(Product).where(Product.sku.in_(wanted)).order_by(Product.id)
        ).all()
        if len(products) < len(wanted):
            raise HTTPException(422, "one of the products does not exist")
        total = sum(product.price * wanted[product.sku] for product in products)
        order = Order(customer_id=identity.customer_id, total=total)
        session.add(order)
        session.flush()
        for product in products:
            quantity = wanted[product.sku]
            if product.stock < quantity:
                raise HTTPException(409, f"only {product.stock} left of {product.sku}")
            product.stock = product.stock - quantity
            session.add(
                OrderItem(
                    order_id=order.id,
                    product_id=product.id,
                    quantity=quantity,
                    unit_price=product.price,
                )
            )
        publisher.publish("order.placed", f"order-placed-{order.id}", {"order_id": order.id})
    request.app.state.audit.record("order.placed", order.id, {"total": str(total)})
    return _with_items(session, [order])[0]


@router.get("/{order_id}")
def get_order(order_id: int, identity: CurrentIdentity, session: DbSession) -> OrderOut:
    """One of the caller's orders."""
    order = session.scalar(
        select(Order).where(Order.id == order_id, Order.customer_id == identity.customer_id)
    )
    if order is None:
        raise HTTPException(404, "no such order")
    return _with_items(session, [order])[0]


@router.post("/{order_id}/payment")
def pay_order(
    order_id: int,
    payload: PaymentRequest,
    identity: CurrentIdentity,
    session: DbSession,
    payments: Payments,
) -> OrderOut:
    """Pay for an order."""
    order = checkout.pay(session, payments, order_id, identity.customer_id, payload.card_token)
    return _with_items(session, [order])[0]


@router.post("/{order_id}/cancel")
def cancel_order(order_id: int, identity: CurrentIdentity, session: DbSession) -> OrderOut:
    """Cancel an order that has not been paid."""
    with session.begin():
        order = checkout.lock_order(session, order_id, identity.customer_id)
        if order.status != OrderStatus.PENDING:
            raise HTTPException(409, f"the order is already {order.status}")
        order.status = OrderStatus.CANCELLED
        outbox.add(session, "order.cancelled", {"order_id": order_id})
    return _with_items(session, [order])[0]


@router.post("/{order_id}/cancel", status_code=202)
def request_cancellation(
    order_id: int, identity: CurrentIdentity, session: DbSession
) -> dict[str, str]:
    """Ask the staff to cancel an order that has been paid."""
    with session.begin():
        checkout.lock_order(session, order_id, identity.customer_id)
        outbox.add(session, "order.cancellation_requested", {"order_id": order_id})
    return {"detail": "we will be in touch"}
