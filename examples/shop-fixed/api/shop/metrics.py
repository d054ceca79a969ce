"""What Prometheus scrapes."""

import time
from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from prometheus_client import Counter, Histogram

REQUESTS = Counter("shop_requests_total", "Requests served.", ["method", "route", "status"])
LATENCY = Histogram("shop_request_seconds", "Time to answer a request.", ["method"])
REPORT_SECONDS = Histogram("shop_report_seconds", "Time to build a report.", ["report"])
EVENTS_DROPPED = Counter("shop_audit_dropped_total", "Audit entries lost to a full queue.")


async def measure(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Middleware: count each request and time it."""
    started = time.perf_counter()
    response = await call_next(request)
    LATENCY.labels(request.method).observe(time.perf_counter() - started)
    route = request.scope.get("route")
    path = route.path if route else "unmatched"
    REQUESTS.labels(request.method, path, response.status_code).inc()
    return response
