"""Publishes what waits in the outbox."""

from sqlalchemy import func, select, update

from shop.database import session_factory
from shop.events import Publisher
from shop.models import OutboxMessage

BATCH = 100


def relay(publisher: Publisher) -> int:
    """Publish one batch, oldest first, and return how many there were.

    A crash between publishing and marking sends a message again, which is why
    every message carries its id and every consumer remembers those it has seen.
    """
    with session_factory()() as session:
        waiting = session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.published_at.is_(None))
            .order_by(OutboxMessage.id)
            .limit(BATCH)
        ).all()
    if not waiting:
        return 0
    for message in waiting:
        publisher.publish(message.topic, f"outbox-{message.id}", message.payload)
    with session_factory().begin() as session:
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_([message.id for message in waiting]))
            .values(published_at=func.now())
        )
    return len(waiting)
