"""The outbox: messages are stored in the transaction that causes them, and published later."""

from typing import Any

from sqlalchemy.orm import Session

from shop.models import OutboxMessage


def add(session: Session, topic: str, payload: dict[str, Any]) -> None:
    """Queue a message that becomes visible together with the caller's changes."""
    session.add(OutboxMessage(topic=topic, payload=payload))
