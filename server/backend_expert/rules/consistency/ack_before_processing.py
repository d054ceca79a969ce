"""A message acknowledged before the work is done is lost when the work fails.

The broker forgets a message at its acknowledgement. A crash, a deploy or an error after that and
before the last effect leaves nothing to try again. Acknowledge last, when everything that the
message asks for is safe; make the work idempotent, since it may then run twice.

Leave it off where losing a message now and then is part of the bargain, as with telemetry.
"""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Call,
    Constant,
    Function,
    Jump,
    Loop,
    Node,
    Raise,
    Return,
    blocks,
)
from backend_expert.lint import Context, Example, Finding, Related, Severity, rule
from backend_expert.lint.context import short
from backend_expert.lint.regions import reached
from backend_expert.text.span import Span

_WORK = (
    "sql.execute", "orm.write", "document.write", "http.request", "queue.publish", "mail.send",
    "payment.create", "cache.write", "transaction.commit",
)  # fmt: skip


@rule(
    title="Message acknowledged before the work is done",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    sources=("RabbitMQ, Kafka and SQS documentation",),
    tags=("queues",),
    needs=(
        "queue.consume",
        "queue.ack",
    ),
    examples=[
        Example(
            bad="""
                import pika
                import requests

                def handle(channel, method, properties, body):
                    channel.basic_ack(delivery_tag=method.delivery_tag)
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ acknowledged before the work: a failure after this loses the message
                    requests.post("https://mail.example/send", data=body, timeout=5)
            """,
        ),
        Example(
            bad="""
                import pika

                connection = pika.BlockingConnection()
                channel = connection.channel()
                channel.basic_consume("orders", lambda *m: print(m), auto_ack=True)
                                                                     ^^^^^^^^^^^^^ acknowledged on delivery: a failure in the handler loses the message
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
                    channel.ack(message);
                    ^^^^^^^^^^^^^^^^^^^^ acknowledged before the work: a failure after this loses the message
                    await axios.post('https://mail.example/send', message.content, { timeout: 5000 });
                  });
                }
            """,
        ),
        Example(
            good="""
                import pika
                import requests

                def handle(channel, method, properties, body):
                    if not body:
                        channel.basic_ack(delivery_tag=method.delivery_tag)
                        return
                    requests.post("https://mail.example/send", data=body, timeout=5)
                    channel.basic_ack(delivery_tag=method.delivery_tag)
            """,
        ),
        Example(
            language="javascript",
            good="""
                const amqp = require('amqplib');

                async function start() {
                  const connection = await amqp.connect('amqp://localhost');
                  const channel = await connection.createChannel();
                  channel.consume('orders', async (message) => {
                    console.log(message.content);
                    channel.ack(message);
                  }, { noAck: false });
                }
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    consume = ctx.meaning(call, "queue.consume")
    if consume is not None:
        auto = ctx.option(call, consume, "auto_ack").value
        if auto is not None and ctx.is_constant(auto, True) and isinstance(auto, Constant):
            holder = ctx.parent(auto)
            yield Finding(
                holder.span if holder is not None else auto.span,
                "acknowledged on delivery: a failure in the handler loses the message",
            )
        return
    ack = ctx.meaning(call, "queue.ack")
    if ack is None or ack.has("region"):
        return
    work = _work_after(call, ctx)
    if work is not None:
        name = reached(work, ctx, *_WORK) or short(ctx.called(work))
        yield Finding(
            call.span,
            "acknowledged before the work: a failure after this loses the message",
            related=(Related(work.span, f"`{name}` comes only after it"),),
        )


def _work_after(ack: Call, ctx: Context) -> Call | None:
    """A call that does the message's work after `ack` on the same path, and none before it."""
    function = ctx.function(ack)
    if function is None:
        return None
    after = _following(ack, function, ctx)
    for site in ctx.sites:
        call = site.call
        if not function.span.covers(call.span) or not reached(call, ctx, *_WORK):
            continue
        if call.span.end <= ack.span.start:
            return None  # some of the work is done already
        if any(part.covers(call.span) for part in after):
            return call
    return None


def _following(ack: Call, function: Function, ctx: Context) -> list[Span]:
    """The spans of the statements that run after `ack`, out to the function's end."""
    spans: list[Span] = []
    below: Node = ack
    for above in ctx.ancestors(ack):
        for block in blocks(above):
            at = next((i for i, s in enumerate(block) if s is below), None)
            if at is not None:
                spans += [s.span for s in block[at + 1 :]]
                if any(isinstance(s, Return | Raise | Jump) for s in block[at:]):
                    return spans
        if above is function or isinstance(above, Loop):
            break  # what follows a loop is no work of this message
        below = above
    return spans
