"""From the basket to the refund."""

from decimal import Decimal

from shop.worker.relay import relay

CHARGE = {"reference": "ch-1", "amount": "25.00"}


def pay(api, order, headers):
    """Pay with a card that the stub provider likes or not."""
    return api.post(
        f"/orders/{order['id']}/payment", json={"card_token": "card-1"}, headers=headers
    )


def test_order_reserves_stock(api, order, mug):
    assert Decimal(order["total"]) == Decimal("25.00")
    assert order["items"][0]["quantity"] == 2
    assert api.get(f"/products/{mug}").json()["stock"] == 3


def test_order_is_announced(order, recorder):
    relay(recorder)
    assert [topic for topic, _, _ in recorder.messages] == ["order.placed"]
    assert relay(recorder) == 0


def test_more_than_there_is_cannot_be_ordered(api, ada, mug):
    lines = [{"sku": mug, "quantity": 6}]
    assert api.post("/orders", json={"lines": lines}, headers=ada).status_code == 409
    assert api.get("/orders", headers=ada).json() == []


def test_order_of_an_unknown_product(api, ada):
    lines = [{"sku": "NOPE", "quantity": 1}]
    assert api.post("/orders", json={"lines": lines}, headers=ada).status_code == 422


def test_audit_trail(api, order, pool):
    api.app.state.audit.flush()
    with pool.connection() as connection:
        [entry] = connection.execute("SELECT action, details FROM audit_log").fetchall()
    assert entry["action"] == "order.placed"
    assert entry["details"]["subject_id"] == order["id"]


def test_orders_of_the_caller(api, ada, staff, order):
    assert [found["id"] for found in api.get("/orders", headers=ada).json()] == [order["id"]]
    assert len(api.get("/orders", headers=ada).json()[0]["items"]) == 1
    assert api.get("/orders", headers=staff).json() == []
    assert api.get(f"/orders/{order['id']}", headers=staff).status_code == 404


def test_payment(api, ada, order, outside):
    outside.routes["POST", "/charges"] = (200, CHARGE)
    assert pay(api, order, ada).json()["status"] == "paid"
    assert outside.requests[0].body["amount"] == "25.00"
    assert outside.requests[0].headers["Idempotency-Key"] == f"order-{order['id']}"
    assert pay(api, order, ada).status_code == 409


def test_declined_card_leaves_the_order_open(api, ada, order, outside):
    outside.routes["POST", "/charges"] = (402, {})
    assert pay(api, order, ada).status_code == 502
    assert api.get(f"/orders/{order['id']}", headers=ada).json()["status"] == "pending"


def test_cancelling(api, ada, order):
    answer = api.post(f"/orders/{order['id']}/cancel", headers=ada)
    assert answer.status_code == 200
    assert answer.json()["status"] == "cancelled"


def test_cancellation_can_be_asked_for(api, ada, order, recorder):
    answer = api.post(f"/orders/{order['id']}/cancellation-request", headers=ada)
    assert answer.status_code == 202
    relay(recorder)
    assert recorder.messages[-1][0] == "order.cancellation_requested"


def test_refund(api, ada, staff, order, outside, pool):
    outside.routes["POST", "/charges"] = (200, CHARGE)
    outside.routes["POST", "/refunds"] = (200, {})
    pay(api, order, ada)
    refund = {"reason": "the handle came off"}
    answer = api.post(f"/reports/orders/{order['id']}/refund", json=refund, headers=staff)
    assert answer.status_code == 202
    assert api.get(f"/orders/{order['id']}", headers=ada).json()["status"] == "refunded"
    with pool.connection() as connection:
        [row] = connection.execute("SELECT amount FROM refunds").fetchall()
    assert Decimal(row["amount"]) == 25


def test_shipping_quotes(api, outside):
    outside.routes["GET", "/swift"] = (200, {"price": "7.90"})
    found = api.get("/shipping/quotes", params={"grams": 800}).json()
    assert found == [{"carrier": "swift", "price": "7.90"}, {"carrier": "snail", "price": None}]
