"""Without a prefetch limit the broker pushes the whole queue to the first consumer that connects.

RabbitMQ sends messages until the consumer's limit of unacknowledged ones is reached, and the default
is no limit. A backlog of a million then sits in the memory of one process while its siblings idle,
and when that process dies all of it is delivered again. Set the limit on the channel before
consuming; ten to a few hundred is a fair start, one for slow work.

Leave it off where the channel that this file is given has its limit set elsewhere.
"""

from collections.abc import Iterator

import msgspec

from backend_expert.facts.code import Call, Collection, Constant
from backend_expert.flow.reading import Reading, Site
from backend_expert.lint import Example, Finding, Severity, rule
from backend_expert.lint.context import CodeFile


class _Part(msgspec.Struct, frozen=True, gc=False):
    """What one item does with channels."""

    consumes: tuple[Call, ...] = ()
    limits: bool = False
    opens: bool = False


@rule(
    title="RabbitMQ consumer without a prefetch limit",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(770,),
    sources=("RabbitMQ guide: consumer prefetch",),
    tags=("queues",),
    needs=("queue.consume",),
    examples=[
        Example(
            bad="""
                import pika

                connection = pika.BlockingConnection(pika.URLParameters("amqp://broker"))
                channel = connection.channel()
                channel.basic_consume("orders", on_order)
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no prefetch limit: the broker pushes the whole queue here
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const amqp = require('amqplib');

                async function start() {
                  const connection = await amqp.connect('amqp://broker');
                  const channel = await connection.createChannel();
                  await channel.consume('orders', onOrder);
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no prefetch limit: the broker pushes the whole queue here
                }
            """,
        ),
        Example(
            good="""
                import pika

                connection = pika.BlockingConnection(pika.URLParameters("amqp://broker"))
                channel = connection.channel()
                channel.basic_qos(prefetch_count=20)
                channel.basic_consume("orders", on_order)
            """,
        ),
        Example(
            good="""
                import pika

                connection = pika.BlockingConnection(pika.URLParameters("amqp://broker"))
                channel = connection.channel()
                channel.basic_consume("ticks", on_tick, auto_ack=True)
            """,
        ),
        Example(
            good="""
                from pika.adapters.blocking_connection import BlockingChannel

                def subscribe(channel: BlockingChannel) -> None:
                    channel.basic_consume("orders", on_order)
            """,
        ),
    ],
)
def check(file: CodeFile, ctx: None) -> Iterator[Finding]:
    parts = [(item, _part(file.flow.reading(item))) for item in file.items]
    if not any(part.opens for _, part in parts):
        return
    if any(part.limits for _, part in parts):
        return
    for item, part in parts:
        for call in part.consumes:
            words = "no prefetch limit: the broker pushes the whole queue here"
            yield Finding(call.span, words, item=item)
            return


def _part(reading: Reading) -> _Part:
    kept = reading.notes.get("prefetch")
    if not isinstance(kept, _Part):
        kept = reading.notes["prefetch"] = _read(reading)
    return kept


def _read(reading: Reading) -> _Part:
    consumes: list[Call] = []
    limits = opens = False
    for site in reading.sites.values():
        for meaning in site.meanings:
            if meaning.role == "queue.prefetch":
                limits = True
            elif meaning.role == "queue.connect":
                opens = True
            elif meaning.has("needs-prefetch"):
                slot = meaning.entry.options.get("auto_ack")
                if slot is not None and not _is_on(site, slot.position, slot.name, slot.member):
                    consumes.append(site.call)
    return _Part(tuple(consumes), limits, opens)


def _is_on(site: Site, position: int | None, name: str | None, member: str | None) -> bool:
    """Whether messages count as handled when they are sent, or that cannot be told."""
    value = site.call.argument(position, name)
    if isinstance(value, Collection):
        value = value.get(member or "")
    if site.call.spreads:
        return True
    return value is not None and not (isinstance(value, Constant) and not value.value)
