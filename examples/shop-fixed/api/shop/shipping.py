"""Asks the carriers what a parcel would cost."""

import asyncio
import logging
from typing import Any

import httpx

logger = logging.getLogger(__name__)

ATTEMPTS = 3


async def quote(client: httpx.AsyncClient, carrier: str, url: str, grams: int) -> dict[str, Any]:
    """One carrier's offer, or a note that it has none."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            response = await client.get(url, params={"grams": grams})
            response.raise_for_status()
            return {"carrier": carrier, "price": response.json()["price"]}
        except httpx.HTTPError as error:
            logger.warning("no quote from %s (attempt %d): %s", carrier, attempt, error)
            if attempt < ATTEMPTS:
                await asyncio.sleep(0.05 * 2**attempt)
    return {"carrier": carrier, "price": None}


async def quotes(
    client: httpx.AsyncClient, carriers: dict[str, str], grams: int
) -> list[dict[str, Any]]:
    """The offers of all carriers, asked at the same time, four at once."""
    slots = asyncio.Semaphore(4)

    async def ask(carrier: str, url: str) -> dict[str, Any]:
        async with slots:
            return await quote(client, carrier, url, grams)

    return await asyncio.gather(*(ask(carrier, url) for carrier, url in carriers.items()))
