"""What sending a parcel would cost."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from shop.settings import get_settings
from shop.shipping import quotes

router = APIRouter(prefix="/shipping", tags=["shipping"])


@router.get("/quotes")
async def shipping_quotes(
    grams: Annotated[int, Query(gt=0, le=30_000)],
) -> list[dict[str, Any]]:
    """The offers of our carriers for a parcel of this weight."""
    return await quotes(get_settings().carriers, grams)
