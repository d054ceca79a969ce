"""A metric made inside a handler is registered again on each request: it fails or leaks.

The registry refuses a second metric of the same name, or keeps one object per call for ever. Make
metrics once, at module level, and only record in handlers.

Leave it off where the function is called once, at start-up, although it looks like a handler.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.context import short


@rule(
    title="Metric created on each request",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    tags=("metrics",),
    needs=("metric.create",),
    examples=[
        Example(
            bad="""
                from fastapi import FastAPI
                from prometheus_client import Histogram

                app = FastAPI()

                @app.get("/orders")
                def orders():
                    timer = Histogram("orders_seconds", "Time to list orders")
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `Histogram` is registered again on each request
                    with timer.time():
                        return []
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const client = require('prom-client');
                const app = express();

                app.get('/orders', (req, res) => {
                  const seen = new client.Counter({ name: 'orders_seen', help: 'Seen orders' });
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `Counter` is registered again on each request
                  seen.inc();
                  res.json([]);
                });
            """,
        ),
        Example(
            good="""
                from fastapi import FastAPI
                from prometheus_client import Counter

                app = FastAPI()
                SEEN = Counter("orders_seen", "Seen orders")

                @app.get("/orders")
                def orders():
                    SEEN.inc()
                    return []
            """,
        ),
        Example(
            good="""
                from prometheus_client import Counter

                def make_metrics():
                    return Counter("orders_seen", "Seen orders")
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    if ctx.meaning(call, "metric.create") is not None and ctx.in_request(call):
        name = short(ctx.called(call)).rpartition(".")[2]
        yield Finding(call.span, f"`{name}` is registered again on each request")
