"""The worker process: relays the outbox and consumes two queues until it is told to stop."""

import logging
import signal
from types import FrameType

import pika
from pika.adapters.blocking_connection import BlockingChannel

from shop.events import EXCHANGE, RabbitPublisher
from shop.settings import get_settings
from shop.worker.handlers import on_fulfilment, on_notification
from shop.worker.relay import relay

logger = logging.getLogger(__name__)

DEAD_LETTERS = "shop.dead"
RELAY_SECONDS = 1.0


def declare(channel: BlockingChannel) -> None:
    """Declare the exchanges and queues. What fails ends up in the dead letters."""
    channel.exchange_declare(EXCHANGE, exchange_type="topic", durable=True)
    channel.exchange_declare(DEAD_LETTERS, exchange_type="fanout", durable=True)
    channel.queue_declare(DEAD_LETTERS, durable=True)
    channel.queue_bind(DEAD_LETTERS, DEAD_LETTERS)
    arguments = {"x-dead-letter-exchange": DEAD_LETTERS}
    channel.queue_declare("fulfilment", durable=True, arguments=arguments)
    channel.queue_bind("fulfilment", EXCHANGE, "order.paid")
    channel.queue_declare("notifications", durable=True, arguments=arguments)
    channel.queue_bind("notifications", EXCHANGE, "order.*")
    channel.queue_bind("notifications", EXCHANGE, "customer.*")


def subscribe(channel: BlockingChannel) -> None:
    """Start both consumers."""
    channel.basic_consume("fulfilment", on_fulfilment)
    channel.basic_consume("notifications", on_notification)


def main() -> None:
    """Run until SIGTERM, then finish what is in hand."""
    logging.basicConfig(level=logging.INFO)
    parameters = pika.URLParameters(get_settings().rabbit_url)
    parameters.socket_timeout = 5
    parameters.blocked_connection_timeout = 10
    connection = pika.BlockingConnection(parameters)
    channel = connection.channel()
    publisher = RabbitPublisher(get_settings().rabbit_url)
    stopping = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    declare(channel)
    subscribe(channel)
    while not stopping:
        connection.process_data_events(time_limit=RELAY_SECONDS)
        relay(publisher)
    logger.info("stopping")
    channel.cancel()
    connection.close()
    publisher.close()


if __name__ == "__main__":
    main()
