"""Reports for the back office."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query
from fastapi.responses import FileResponse
from prometheus_client import Histogram

from shop import checkout, exports, reporting
from shop.paging import MAX_PAGE_SIZE, PAGE_SIZE
from shop.payments import Payments
from shop.schemas import RefundRequest
from shop.security import require_staff
from shop.settings import get_settings

router = APIRouter(prefix="/reports", tags=["reports"], dependencies=[Depends(require_staff)])

Limit = Annotated[int, Query(ge=1, le=MAX_PAGE_SIZE)]


@router.get("/orders")
def orders_by_status(status: str, limit: Limit = PAGE_SIZE) -> list[dict[str, Any]]:
    """The orders in one state, the oldest first."""
    return reporting.orders_with_status(status, limit)


@router.get("/stock")
def stock(limit: Limit = PAGE_SIZE) -> list[dict[str, Any]]:
    """What is left of each product on sale."""
    return reporting.active_products(limit)


@router.get("/best-customers")
def best_customers(since: date, limit: Limit = 10) -> list[dict[str, Any]]:
    """Who has spent most since a day."""
    seconds = Histogram("shop_best_customers_seconds", "Time to find the best customers.")
    with seconds.time():
        return reporting.best_customers(since, limit)


@router.get("/big-orders")
def big_orders(after: int = 0, limit: Limit = PAGE_SIZE) -> list[dict[str, Any]]:
    """Every customer, with the number of their big orders."""
    return reporting.customers_and_big_orders(after, limit)


@router.post("/exports", status_code=201)
def export_sales(month: date, compression: str = "fast") -> dict[str, str]:
    """Write a month's sales to a packed file and say what it is called."""
    path = exports.compress(exports.write_sales(month), compression)
    return {"name": path.name}


@router.get("/exports/download")
def download_export(name: str) -> FileResponse:
    """An export made earlier."""
    path = get_settings().export_dir / name
    if not path.is_file():
        raise HTTPException(404, "no such export")
    return FileResponse(path)


@router.post("/orders/{order_id}/refund", status_code=202)
def refund_order(order_id: int, payload: RefundRequest, payments: Payments) -> dict[str, str]:
    """Give a customer their money back."""
    checkout.refund(payments, order_id, payload.reason)
    return {"detail": "the refund is on its way"}
