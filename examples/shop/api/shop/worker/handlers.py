"""What happens when a message arrives."""

import json
import logging
from datetime import datetime
from typing import Any

from pika.adapters.blocking_connection import BlockingChannel
from pika.spec import Basic, BasicProperties
from sqlalchemy import select, text

from shop import outbox
from shop.database import session_factory
from shop.models import Order, OrderStatus
from shop.worker import notify

logger = logging.getLogger(__name__)


def ship(message_id: str, order_id: int) -> None:
    """Mark a paid order as shipped. A message that comes twice changes nothing."""
    with session_factory().begin() as session:
        fresh = session.execute(
            text(
                "INSERT INTO processed_messages (message_id) VALUES (:id)"
                " ON CONFLICT (message_id) DO NOTHING RETURNING message_id"
            ),
            {"id": message_id},
        ).one_or_none()
        if fresh is None:
            return
        order = session.get_one(Order, order_id, with_for_update=True)
        if order.status == OrderStatus.PAID:
            print(f"shipping order {order_id}")
            order.status = OrderStatus.SHIPPED
            order.shipped_at = datetime.now()
            outbox.add(session, "order.shipped", {"order_id": order_id})


def on_fulfilment(
    channel: BlockingChannel, method: Basic.Deliver, properties: BasicProperties, body: bytes
) -> None:
    """An order was paid: ship it."""
    channel.basic_ack(delivery_tag=method.delivery_tag)
    ship(properties.message_id, json.loads(body)["order_id"])


def _tell(message_id: str, topic: str, payload: dict[str, Any]) -> None:
    """Find out whom the message concerns, and let them know."""
    if topic == "customer.reset":
        notify.send(message_id, topic, payload["customer_id"], payload["reset_token"])
        return
    with session_factory()() as session:
        customer_id = session.scalar(
            select(Order.customer_id).where(Order.id == payload["order_id"])
        )
    notify.send(message_id, topic, customer_id, f"Order {payload['order_id']}")


def on_notification(
    channel: BlockingChannel, method: Basic.Deliver, properties: BasicProperties, body: bytes
) -> None:
    """Something happened that the customer should hear of."""
    try:
        _tell(properties.message_id, method.routing_key, json.loads(body))
    except Exception:
        logger.exception("could not notify, message %s", properties.message_id)
    channel.basic_ack(method.delivery_tag)
