"""Publishing to RabbitMQ."""

import json
import threading
from typing import Annotated, Any, Protocol

import pika
from fastapi import Depends, Request

EXCHANGE = "shop"


class Publisher(Protocol):
    """Something that can send a message to a topic."""

    def publish(self, topic: str, message_id: str, payload: dict[str, Any]) -> None: ...


class RabbitPublisher:
    """One confirmed channel, shared by the threads of the process."""

    def __init__(self, url: str) -> None:
        self._parameters = pika.URLParameters(url)
        self._parameters.socket_timeout = 5
        self._parameters.blocked_connection_timeout = 10
        self._lock = threading.Lock()
        self._connection: pika.BlockingConnection | None = None

    def publish(self, topic: str, message_id: str, payload: dict[str, Any]) -> None:
        """Send a persistent message and wait for the broker to confirm it."""
        with self._lock:
            if self._connection is None or self._connection.is_closed:
                self._connection = pika.BlockingConnection(self._parameters)
                self._channel = self._connection.channel()
                self._channel.confirm_delivery()
            self._channel.basic_publish(
                EXCHANGE,
                topic,
                json.dumps(payload).encode(),
                pika.BasicProperties(message_id=message_id, delivery_mode=2),
            )

    def close(self) -> None:
        if self._connection is not None and self._connection.is_open:
            self._connection.close()


def get_publisher(request: Request) -> Publisher:
    """The publisher that the application opened at its start."""
    return request.app.state.publisher


EventPublisher = Annotated[Publisher, Depends(get_publisher)]
