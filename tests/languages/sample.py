"""A realistic piece of Python for tests: most statements, odd strings, decorators, classes."""

SAMPLE = '''"""Orders, as the shop keeps them.

Not code: def f(): pass
class Nor: this
"""

from __future__ import annotations

import asyncio
import logging as log
from typing import (
    TYPE_CHECKING,
    Any,
)

if TYPE_CHECKING:
    from .models import Order
else:
    Order = Any

LIMIT = 10  # at most
QUERY = """
select *
from orders
where id = %s
"""
NAMES = {
    "a": 1,
}


@app.route("/orders/<int:id>")
@cached
def order(id: int, *, full=False) -> dict:
    # Why: the shop asks for it.
    with pool.connection() as db, db.transaction():
        row = db.execute("select * from orders "
                         f"where id = {id!r} and note = '\\u00e9'")
    if row is None or not row.open:
        raise NotFound(f"no order {id:>{LIMIT}}") from None
    elif full:
        return {**row, "lines": [line async for line in lines(id) if line]}
    return row


class Shop(Base, metaclass=Meta):
    """A shop 🛒."""

    open: bool = True
    rate = lambda self, x: x * 2

    def __init__(self, name, *rest, **more):
        self.name, self.rest = name, rest

    @property
    async def total(self):
        try:
            async with self.lock:
                return sum(x.price for x in self.rest)
        except (KeyError, ValueError) as error:
            log.warning("no total: %s" % error)
        finally:
            self.done = True

    kind = (
        "corner"
    )

    class Meta:
        ordering = ["-id"]

    def _pick(self, what):
        match what:
            case "a" | "b":
                yield 1
            case [first, *_] if first:
                yield from first
            case _:
                del self.rest[0:1]


try:
    main = Shop("x")
except Exception:
    main = None
while (n := next(numbers, 0)) > LIMIT:
    assert n != 3, "three"
    print(n, file=log, end="")
'''
