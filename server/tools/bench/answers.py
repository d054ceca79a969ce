"""Rows: from the start of the process to its first answers, on the shop."""

import statistics
import time
from pathlib import Path
from typing import Any

from backend_expert.lsp.client import Session

from bench.sessions import OURS, PULL, resident
from bench.table import Rows, p95

API = "api/shop"


async def answers(rows: Rows, shop: Path) -> None:
    """First diagnostics, hover, light bulb, and memory with the whole of the shop open."""
    path = shop / API / "routers/products.py"
    text, uri = path.read_text("utf-8"), path.as_uri()
    firsts: list[float] = []
    for _ in range(5):
        started = time.perf_counter()
        async with Session.start(OURS) as session:
            await session.initialize(PULL, [shop.as_uri()])
            session.open(uri, text)
            await session.pull(uri)
            firsts.append((time.perf_counter() - started) * 1000)
    first = statistics.median(firsts)
    rows.at_most("process start to first diagnostics (median)", first, "ms", 500)
    async with Session.start(OURS) as session:
        await session.initialize(PULL, [shop.as_uri()])
        session.open(uri, text)
        await session.pull(uri)
        place = {"line": text[: text.index("SELECT sku")].count("\n"), "character": 20}
        where: dict[str, Any] = {"textDocument": {"uri": uri}, "position": place}
        await session.request("textDocument/hover", where)
        hovers = [await _timed(session, "textDocument/hover", where) for _ in range(40)]
        rows.at_most("hover (p95)", p95(hovers), "ms", 30)
        ask: dict[str, Any] = {
            "textDocument": {"uri": uri},
            "range": {"start": place, "end": place},
            "context": {"diagnostics": []},
        }
        bulbs = [await _timed(session, "textDocument/codeAction", ask) for _ in range(40)]
        rows.at_most("light bulb (p95)", p95(bulbs), "ms", 30)
        for other in sorted((shop / API).rglob("*.py")):
            if other != path:
                session.open(other.as_uri(), other.read_text("utf-8"))
            await session.pull(other.as_uri())
        rows.at_most("resident memory, shop open", resident(session.process.pid), "MiB", 90)


async def _timed(session: Session, method: str, params: dict[str, Any]) -> float:
    """Milliseconds of one request."""
    started = time.perf_counter()
    await session.request(method, params)
    return (time.perf_counter() - started) * 1000
