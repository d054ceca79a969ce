"""Exchange rates, for prices in the visitor's currency."""

from decimal import Decimal

import requests

from shop.cache import get_cache
from shop.settings import get_settings

RATE_LIFETIME = 3600


def rate_from_euro(currency: str) -> Decimal:
    """How much of a currency one euro buys; at most an hour old."""
    key = f"rate:{currency}"
    cached = get_cache().get(key)
    if cached is not None:
        return Decimal(cached)
    response = requests.get(
        f"{get_settings().exchange_url}/latest",
        params={"base": "EUR", "symbol": currency},
        timeout=3,
    )
    rate = response.json()["rate"]
    get_cache().put(key, rate, ttl=RATE_LIFETIME)
    return Decimal(rate)
