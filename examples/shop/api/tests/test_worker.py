"""Messages: what the provider sends us, and what the queue brings."""

import hashlib
import hmac
import json
from types import SimpleNamespace

import pytest

from shop.worker.consumer import subscribe
from shop.worker.handlers import on_fulfilment, on_notification


class RecordingChannel:
    """Notes what a consumer does with its messages."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def basic_ack(self, delivery_tag: int) -> None:
        self.calls.append("ack")

    def basic_nack(self, delivery_tag: int, requeue: bool = True) -> None:
        self.calls.append("nack, requeued" if requeue else "nack")

    def basic_qos(self, prefetch_count: int) -> None:
        self.calls.append(f"prefetch {prefetch_count}")

    def basic_consume(self, queue: str, handler: object) -> None:
        self.calls.append(f"consume {queue}")


def deliver(handler, topic, payload, message_id="m-1"):
    """Give a handler one message and return what it did with it."""
    channel = RecordingChannel()
    method = SimpleNamespace(delivery_tag=1, routing_key=topic)
    handler(channel, method, SimpleNamespace(message_id=message_id), json.dumps(payload).encode())
    return channel.calls


def signed(event):
    """An event as the provider would send it."""
    body = json.dumps(event).encode()
    signature = hmac.new(b"another-one", body, hashlib.sha256).hexdigest()
    return {"content": body, "headers": {"X-Signature": signature}}


@pytest.fixture
def captured(order, pool):
    """The event that says that an order's payment has arrived."""
    with pool.connection() as connection:
        connection.execute("UPDATE orders SET status = 'paying' WHERE id = %s", (order["id"],))
    return {
        "id": f"evt-{order['id']}",
        "kind": "payment.captured",
        "order_id": order["id"],
        "provider_ref": "ch-1",
        "amount": "25.00",
    }


def test_captured_payment_settles_the_order(api, ada, captured):
    assert api.post("/webhooks/payments", **signed(captured)).json() == {"status": "handled"}
    order = api.get(f"/orders/{captured['order_id']}", headers=ada).json()
    assert order["status"] == "paid"


def test_same_event_counts_once(api, captured):
    captured["id"] = "evt-twice"
    api.post("/webhooks/payments", **signed(captured))
    again = api.post("/webhooks/payments", **signed(captured))
    assert again.json() == {"status": "seen before"}


def test_event_with_a_wrong_signature_is_refused(api, captured):
    answer = api.post("/webhooks/payments", json=captured, headers={"X-Signature": "0" * 64})
    assert answer.status_code == 401


def test_paid_order_is_shipped(api, ada, captured):
    api.post("/webhooks/payments", **signed(captured | {"id": "evt-ship"}))
    calls = deliver(on_fulfilment, "order.paid", {"order_id": captured["order_id"]})
    assert calls == ["ack"]
    order = api.get(f"/orders/{captured['order_id']}", headers=ada).json()
    assert order["status"] == "shipped"


def test_customer_is_notified(order, outside):
    outside.routes["POST", "/deliveries"] = (202, {})
    calls = deliver(on_notification, "order.placed", {"order_id": order["id"]})
    assert calls == ["ack"]
    assert outside.requests[-1].body["messageId"] == "m-1"
    assert outside.requests[-1].headers["X-Api-Key"] == "yet-another-one"


def test_both_queues_are_consumed():
    channel = RecordingChannel()
    subscribe(channel)
    assert channel.calls[-2:] == ["consume fulfilment", "consume notifications"]
