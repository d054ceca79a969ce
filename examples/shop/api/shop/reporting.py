"""Figures for the back office, in plain SQL."""

from datetime import date
from typing import Any

from shop.database import get_pool


def orders_with_status(status: str, limit: int) -> list[dict[str, Any]]:
    """The oldest orders in a given state."""
    with get_pool().connection() as connection, connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, total, placed_at FROM orders"
            f" WHERE status = '{status}' ORDER BY placed_at, id LIMIT %s",
            (limit,),
        )
        return cursor.fetchall()


def active_products(limit: int) -> list[dict[str, Any]]:
    """What is on sale, with the stock left of it."""
    with get_pool().connection() as connection:
        return connection.execute(
            """
            SELECT sku, name, stock
            FROM products
            WHERE archived_at = NULL
            ORDER BY id
            LIMIT %s
            """,
            (limit,),
        ).fetchall()


def best_customers(since: date, limit: int) -> list[dict[str, Any]]:
    """Who has spent most since a day."""
    with get_pool().connection() as connection:
        return connection.execute(
            """
            SELECT c.id, c.display_name, sum(o.total) AS spent
            FROM orders o, customers c
            WHERE o.status = 'paid' AND o.placed_at >= %s
            GROUP BY c.id, c.display_name
            ORDER BY spent DESC, c.id
            LIMIT %s
            """,
            (since, limit),
        ).fetchall()


def customers_and_big_orders(after_id: int, limit: int) -> list[dict[str, Any]]:
    """Every customer, with the number of their orders over one hundred."""
    with get_pool().connection() as connection:
        return connection.execute(
            """
            SELECT c.id, c.display_name, count(o.id) AS big_orders
            FROM customers c
            LEFT JOIN orders o ON o.customer_id = c.id
            WHERE c.id > %s AND o.total > 100
            GROUP BY c.id, c.display_name
            ORDER BY c.id
            LIMIT %s
            """,
            (after_id, limit),
        ).fetchall()


def sales_of_month(month: date) -> list[dict[str, Any]]:
    """Revenue and number of orders for each day of a month."""
    with get_pool().connection() as connection:
        return connection.execute(
            """
            SELECT date_trunc('day', placed_at)::date AS day, count(*) AS orders, sum(total) AS revenue
            FROM orders
            WHERE status IN ('paid', 'shipped')
              AND placed_at >= %s AND placed_at < %s::date + interval '1 month'
            GROUP BY 1
            ORDER BY 1
            """,
            (month, month),
        ).fetchall()
