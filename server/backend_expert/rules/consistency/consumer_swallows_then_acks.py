"""A consumer that catches every error and acknowledges all the same throws messages away.

The log line is all that stays of an order that was never shipped. Let the message go back, or to a
dead-letter queue, when the work failed: refuse it after a few attempts and alert on that queue's
length. Acknowledge only what was done, and what can never be done.

Leave it off where the consumer is a best-effort one and its messages come again by themselves.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Handler, Name, Node, Raise, Return, Try, blocks, walk
from backend_expert.lint import Context, Example, Finding, Related, Severity, rule

_KEEPS = ("queue.nack", "queue.publish", "orm.write", "sql.execute", "document.write", "report")
_BROAD = frozenset(("", "Exception", "BaseException", "Error", "Throwable"))


@rule(
    title="Consumer acknowledges what failed",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    tags=("queues",),
    examples=[
        Example(
            bad="""
                import logging

                import pika
                import requests

                def handle(channel, method, properties, body):
                    try:
                        requests.post("https://mail.example/send", data=body, timeout=5)
                    except Exception:
                    ^^^^^^^^^^^^^^^^^ every failure ends in an acknowledgement: the message is lost
                        logging.exception("could not send")
                    channel.basic_ack(delivery_tag=method.delivery_tag)
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const amqp = require('amqplib');
                const axios = require('axios');

                async function start() {
                  const connection = await amqp.connect('amqp://localhost');
                  const channel = await connection.createChannel();
                  channel.consume('orders', async (message) => {
                    try {
                      await axios.post('https://mail.example/send', message.content, { timeout: 5000 });
                    } catch (error) {
                      ^^^^^^^^^^^^^^^ every failure ends in an acknowledgement: the message is lost
                      console.error('could not send', error);
                    }
                    channel.ack(message);
                  });
                }
            """,
        ),
        Example(
            good="""
                import pika
                import requests

                def handle(channel, method, properties, body):
                    try:
                        requests.post("https://mail.example/send", data=body, timeout=5)
                    except Exception:
                        channel.basic_nack(delivery_tag=method.delivery_tag, requeue=False)
                        return
                    channel.basic_ack(delivery_tag=method.delivery_tag)
            """,
        ),
        Example(
            good="""
                import json

                import pika

                def handle(channel, method, properties, body):
                    try:
                        order = json.loads(body)
                    except json.JSONDecodeError:
                        order = None
                    print(order)
                    channel.basic_ack(delivery_tag=method.delivery_tag)
            """,
        ),
    ],
)
def check(attempt: Try, ctx: Context) -> Iterator[Finding]:
    if not attempt.handlers:
        return
    ack = _ack_after(attempt, ctx)
    if ack is None:
        return
    for handler in attempt.handlers:
        if _is_broad(handler) and not _keeps(handler, ctx) and _works(attempt, ctx):
            yield Finding(
                handler.span,
                "every failure ends in an acknowledgement: the message is lost",
                related=(Related(ack.span, "acknowledged here whatever happened"),),
            )


def _is_broad(handler: Handler) -> bool:
    if not handler.types:
        return True
    return any(isinstance(t, Name) and t.id in _BROAD for t in handler.types)


def _works(attempt: Try, ctx: Context) -> bool:
    """Whether the block does more than parse its message."""
    for statement in attempt.body:
        for node in walk(statement):
            if isinstance(node, Call):
                site = ctx.site(node)
                if site is not None and not {m.role for m in site.meanings} & {"passes", "log"}:
                    return True
    return False


def _keeps(handler: Handler, ctx: Context) -> bool:
    """Whether the handler keeps the failure: raises, returns, refuses or stores the message."""
    for statement in handler.body:
        for node in walk(statement):
            if isinstance(node, Raise | Return):
                return True
            if isinstance(node, Call) and (
                ctx.effects(node, *_KEEPS) or "dead" in ctx.called(node)
            ):
                return True
    return False


def _ack_after(attempt: Try, ctx: Context) -> Call | None:
    """The acknowledgement that follows the block, in its `finally` or behind it."""
    behind: list[Node] = list(attempt.final)
    for block in blocks(ctx.parent(attempt)):
        at = next((i for i, s in enumerate(block) if s is attempt), None)
        if at is not None:
            behind += block[at + 1 :]
    for statement in behind:
        for node in walk(statement):
            if isinstance(node, Call) and ctx.meaning(node, "queue.ack"):
                return node
    return None
