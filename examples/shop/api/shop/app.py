"""The application: middleware, routers, and what is open while it runs."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from prometheus_client import make_asgi_app

from shop.audit import AuditTrail
from shop.database import get_engine, get_pool
from shop.events import RabbitPublisher
from shop.metrics import measure
from shop.payments import PaymentClient
from shop.routers import (
    auth,
    coupons,
    customers,
    health,
    orders,
    products,
    reports,
    reviews,
    shipping,
    webhooks,
)
from shop.settings import get_settings

logger = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the clients that requests share, and close them at the end."""
    settings = get_settings()
    app.state.payments = PaymentClient(settings.payment_url)
    app.state.audit = AuditTrail()
    app.state.audit.start()
    publisher = RabbitPublisher(settings.rabbit_url)
    app.state.publisher = publisher
    yield
    publisher.close()
    app.state.audit.stop()
    app.state.payments.close()
    get_pool().close()
    get_engine().dispose()


async def unexpected(request: Request, error: Exception) -> JSONResponse:
    """The last resort."""
    logger.error("unhandled error in %s %s", request.method, request.url.path, exc_info=error)
    return JSONResponse({"detail": str(error)}, status_code=500)


def create_app() -> FastAPI:
    """Build the application."""
    app = FastAPI(title="Shop", version="1.4.0", lifespan=lifespan)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_credentials=True,
        allow_methods=["*"],
        allow_headers=["Authorization", "Content-Type"],
    )
    app.middleware("http")(measure)
    app.add_exception_handler(Exception, unexpected)
    for module in (
        auth,
        coupons,
        customers,
        health,
        orders,
        products,
        reports,
        reviews,
        shipping,
        webhooks,
    ):
        app.include_router(module.router)
    app.mount("/metrics", make_asgi_app())
    return app
