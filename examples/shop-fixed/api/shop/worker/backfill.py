"""Gives older orders the tracking code that new ones get by themselves."""

import logging

from shop.database import get_pool

logger = logging.getLogger(__name__)

BATCH = 1000


def backfill_tracking_codes() -> int:
    """Fill the gaps in small batches, each in its own transaction."""
    total = 0
    while True:
        with get_pool().connection() as connection:
            filled = connection.execute(
                "UPDATE orders SET tracking_code = gen_random_uuid() WHERE id IN ("
                " SELECT id FROM orders WHERE tracking_code IS NULL ORDER BY id LIMIT %s"
                " FOR UPDATE SKIP LOCKED)",
                (BATCH,),
            ).rowcount
        if filled == 0:
            return total
        total += filled
        logger.info("filled %d tracking codes", total)
