"""The catalogue."""

from typing import Annotated

import httpx
from fastapi import APIRouter, Depends, HTTPException, Query
from fastapi.responses import JSONResponse
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from shop.cache import get_cache
from shop.database import DbSession
from shop.exchange import rate_from_euro
from shop.models import Product
from shop.paging import MAX_PAGE_SIZE, PAGE_SIZE, decode_cursor, encode_cursor
from shop.schemas import ImageImport, NewProduct, ProductOut, ProductPage
from shop.security import require_staff

router = APIRouter(prefix="/products", tags=["products"])
staff_only = [Depends(require_staff)]

Limit = Annotated[int, Query(ge=1, le=MAX_PAGE_SIZE)]


@router.get("")
def list_products(
    session: DbSession, limit: Limit = PAGE_SIZE, cursor: str | None = None
) -> ProductPage:
    """A page of what is on sale, in the order of entry."""
    found = session.scalars(
        select(Product)
        .where(Product.id > decode_cursor(cursor), Product.archived_at.is_(None))
        .order_by(Product.id)
        .limit(limit)
    ).all()
    return ProductPage(
        products=[ProductOut.model_validate(product) for product in found],
        next_cursor=encode_cursor(found[-1].id) if len(found) == limit else None,
    )


@router.get("/search")
def search_products(
    session: DbSession,
    q: Annotated[str, Query(min_length=2, max_length=80)],
    limit: Limit = PAGE_SIZE,
) -> list[ProductOut]:
    """Products whose name or description contains the words asked for."""
    rows = session.execute(
        text(
            f"SELECT sku, name, price, stock, image_url FROM products"
            f" WHERE to_tsvector('english', name || ' ' || description)"
            f" @@ plainto_tsquery('english', '{q}')"
            f" AND archived_at IS NULL ORDER BY id LIMIT :limit"
        ),
        {"limit": limit},
    )
    return [ProductOut.model_validate(row) for row in rows]


@router.get("/{sku}")
def get_product(
    sku: str,
    session: DbSession,
    currency: Annotated[str, Query(pattern=r"^[A-Z]{3}$")] = "EUR",
) -> ProductOut:
    """One product, priced in the visitor's currency."""
    product = session.scalar(select(Product).where(Product.sku == sku))
    if product is None:
        raise HTTPException(404, "no such product")
    answer = ProductOut.model_validate(product)
    if currency != "EUR":
        answer.price = round(product.price * rate_from_euro(currency), 2)
    return answer


@router.get("/featured")
def featured_products(session: DbSession) -> list[ProductOut]:
    """What the front page shows."""
    found = session.scalars(
        select(Product).where(Product.featured).order_by(Product.name, Product.id).limit(12)
    )
    return [ProductOut.model_validate(product) for product in found]


@router.post("", status_code=201, dependencies=staff_only)
def add_product(payload: NewProduct, session: DbSession) -> ProductOut:
    """Put a product into the catalogue."""
    product = Product(**payload.model_dump())
    try:
        with session.begin():
            session.add(product)
    except IntegrityError as error:
        raise HTTPException(409, "this SKU is taken") from error
    return ProductOut.model_validate(product)


@router.post("/{sku}/image", dependencies=staff_only)
def import_image(sku: str, payload: ImageImport, session: DbSession) -> ProductOut:
    """Use a supplier's picture, once we have seen that it is there."""
    try:
        httpx.head(str(payload.url), timeout=5).raise_for_status()
    except httpx.HTTPError as error:
        raise HTTPException(422, "there is no picture at this address") from error
    with session.begin():
        product = session.scalar(select(Product).where(Product.sku == sku).with_for_update())
        if product is None:
            raise HTTPException(404, "no such product")
        product.image_url = str(payload.url)
    return ProductOut.model_validate(product)


@router.delete("/{sku}", status_code=204, dependencies=staff_only)
def archive_product(sku: str, session: DbSession) -> JSONResponse:
    """Take a product off sale; old orders keep showing it."""
    release = get_cache().acquire(f"lock:product:{sku}", ttl=30)
    if release is None:
        raise HTTPException(409, "somebody else is editing this product")
    try:
        with session.begin():
            session.execute(
                update(Product).where(Product.sku == sku).values(archived_at=func.now())
            )
    finally:
        release()
    return JSONResponse({"archived": sku}, status_code=204)
