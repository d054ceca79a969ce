"""What Prometheus scrapes."""

import time
from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from prometheus_client import Counter, Histogram

REQUESTS = Counter("shop_requests_total", "Requests served.", ["method", "path", "status"])
LATENCY = Histogram("shop_request_seconds", "Time to answer a request.", ["method"])


async def measure(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Middleware: count each request and time it."""
    started = time.perf_counter()
    response = await call_next(request)
    LATENCY.labels(request.method).observe(time.perf_counter() - started)
    REQUESTS.labels(request.method, request.url.path, response.status_code).inc()
    return response
