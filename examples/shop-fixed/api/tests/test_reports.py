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


def test_stock(api, staff, mug):
    rows = api.get("/reports/stock", headers=staff).json()
    assert rows == [{"sku": mug, "name": "Blue mug", "stock": 5}]


def test_best_customers(api, staff, paid):
    query = {"since": "2020-01-01"}
    rows = api.get("/reports/best-customers", params=query, headers=staff).json()
    assert [row["spent"] for row in rows] == [paid["total"]]


def test_customers_without_big_orders_are_listed_too(api, staff, paid):
    rows = api.get("/reports/big-orders", headers=staff).json()
    assert sorted(row["big_orders"] for row in rows) == [0, 0]


def test_export_can_be_downloaded(api, staff, paid):
    month = f"{datetime.now(UTC):%Y-%m}-01"
    made = api.post("/reports/exports", params={"month": month}, headers=staff).json()
    packed = api.get("/reports/exports/download", params=made, headers=staff)
    lines = gzip.decompress(packed.content).decode().splitlines()
    assert lines[0] == "day,orders,revenue"
    assert lines[1].endswith(",1,25.00")


def test_nothing_outside_the_exports_can_be_downloaded(api, staff):
    query = {"name": "../../../etc/hostname"}
    answer = api.get("/reports/exports/download", params=query, headers=staff)
    assert answer.status_code == 404


def test_reports_are_for_staff(api, ada):
    assert api.get("/reports/stock", headers=ada).status_code == 403


def test_customer_list(api, staff, ada):
    rows = api.get("/customers", params={"limit": 1}, headers=staff).json()
    assert len(rows) == 1
