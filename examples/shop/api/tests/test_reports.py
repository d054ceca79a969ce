"""What the back office sees."""

import gzip
from datetime import UTC, datetime

import pytest


@pytest.fixture
def paid(order, pool):
    """Ada's order, paid."""
    with pool.connection() as connection:
        connection.execute("UPDATE orders SET status = 'paid' WHERE id = %s", (order["id"],))
    return order


def test_orders_by_status(api, staff, paid):
    found = api.get("/reports/orders", params={"status": "paid"}, headers=staff).json()
    assert [row["id"] for row in found] == [paid["id"]]
    assert api.get("/reports/orders", params={"status": "shipped"}, headers=staff).json() == []


def test_stock(api, staff):
    assert api.get("/reports/stock", headers=staff).status_code == 200


def test_best_customers(api, staff, paid):
    query = {"since": "2020-01-01"}
    rows = api.get("/reports/best-customers", params=query, headers=staff).json()
    assert rows[0]["spent"] == paid["total"]


def test_big_orders(api, staff, paid):
    assert api.get("/reports/big-orders", headers=staff).status_code == 200


def test_export_can_be_downloaded(api, staff, paid):
    month = f"{datetime.now(UTC):%Y-%m}-01"
    made = api.post("/reports/exports", params={"month": month}, headers=staff).json()
    packed = api.get("/reports/exports/download", params=made, headers=staff)
    lines = gzip.decompress(packed.content).decode().splitlines()
    assert lines[0] == "day,orders,revenue"
    assert lines[1].endswith(",1,25.00")


def test_reports_are_for_staff(api, ada):
    assert api.get("/reports/stock", headers=ada).status_code == 403


def test_customer_list(api, staff, ada):
    rows = api.get("/customers", params={"limit": 1}, headers=staff).json()
    assert len(rows) == 1
