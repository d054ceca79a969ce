"""Configuration, read once from the environment (see .env.example)."""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between two deployments."""

    database_url: str
    webhook_secret: str
    service_key: str
    payment_url: str
    exchange_url: str
    notifications_url: str
    rabbit_url: str
    redis_url: str | None
    export_dir: Path
    carriers: dict[str, str]


def _list(name: str, default: str = "") -> list[str]:
    """Split a comma-separated variable, leaving out the empty parts."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process."""
    return Settings(
        database_url=os.environ["DATABASE_URL"],
        webhook_secret=os.environ["WEBHOOK_SECRET"],
        service_key=os.environ["SERVICE_KEY"],
        payment_url=os.environ.get("PAYMENT_URL", "https://payments.example.com"),
        exchange_url=os.environ.get("EXCHANGE_URL", "https://rates.example.com"),
        notifications_url=os.environ.get("NOTIFICATIONS_URL", "http://notifications:3000"),
        rabbit_url=os.environ.get("RABBIT_URL", "amqp://rabbitmq:5672/"),
        redis_url=os.environ.get("REDIS_URL"),
        export_dir=Path(os.environ.get("EXPORT_DIR", "/var/lib/shop/exports")),
        carriers=dict(pair.split("=", 1) for pair in _list("CARRIERS")),
    )
