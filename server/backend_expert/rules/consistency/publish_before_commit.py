"""A message sent inside a transaction may be read before the commit, or although it never comes.

The consumer then looks for rows that are not there yet, or acts on an order that was rolled back.
It works on a laptop, where the worker is slower than the commit, and fails under load. Send after
the commit (the framework's own hook does it), or write the message into an outbox table in the
same transaction and let a relay send it.

Leave it off where the queue lives in the same database and the job is inserted in the same
transaction: then both are there or neither is.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.regions import open_transaction, opened_here, raises_after, reached
from backend_expert.lint.sensitive import words

_SENDING = frozenset(
    ("broadcast", "notify", "notification", "send", "publish", "enqueue", "emit", "sync", "signal")
)


@rule(
    title="Message sent before the commit",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    sources=("isolator (Ruby, at run time)",),
    tags=("transactions", "queues"),
    needs=("queue.publish",),
    examples=[
        Example(
            bad="""
                from django.db import transaction
                from shop.tasks import send_receipt

                def pay(order):
                    with transaction.atomic():
                        order.save()
                        send_receipt.delay(order.id)
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ sent before the commit: too early, or for nothing if that fails
            """,
            good="""
                from django.db import transaction
                from shop.tasks import send_receipt

                def pay(order):
                    with transaction.atomic():
                        order.save()
                        transaction.on_commit(lambda: send_receipt.delay(order.id))
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const knex = require('knex')({ client: 'pg' });
                const amqp = require('amqplib');

                async function pay(order) {
                  const connection = await amqp.connect('amqp://localhost');
                  const channel = await connection.createChannel();
                  await knex.transaction(async (trx) => {
                    await trx('orders').insert(order);
                    channel.sendToQueue('receipts', Buffer.from(order.id));
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ sent before the commit: too early, or for nothing if that fails
                  });
                }
            """,
        ),
        Example(
            good="""
                from django.db import transaction
                from shop.tasks import send_receipt

                def pay(order):
                    with transaction.atomic():
                        order.save()
                        transaction.on_commit(lambda: send_receipt.delay(order.id))
                    send_receipt.delay(order.id)
            """,
        ),
        Example(
            good="""
                from django.db import transaction
                from shop.tasks import report_failure

                class Order(models.Model):
                    def save(self, notify=True, **options):
                        super().save(**options)
                        if notify:
                            report_failure.delay(self.id)

                    def touch(self):
                        with transaction.atomic():
                            self.save(notify=False)

                def pay(order):
                    with transaction.atomic():
                        if not order.is_open:
                            report_failure.delay(order.id)
                            raise ValueError("closed")
                        order.save()
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    name = reached(call, ctx, "queue.publish")
    if not name or _is_told_not_to(call, ctx) or not _is_a_message(name, ctx):
        return
    held = open_transaction(call, ctx)
    if held is None or raises_after(call, held, ctx):
        return
    yield Finding(
        call.span,
        "sent before the commit: too early, or for nothing if that fails",
        _fix(call, ctx),
        (opened_here(held, ctx),),
    )


def _is_a_message(name: str, ctx: Context) -> bool:
    """Whether what is called is a broker's; tasks of one's own may be rows of the transaction.

    A name that only looks like one of a library counts where the project uses that library.
    """
    project, known = ctx.file.project, ctx.file.flow.catalogue.technologies
    method = name.rpartition(".")[2]
    entries = [
        (id, entry)
        for id, technology in known.items()
        for entry in technology.call
        if entry.role == "queue.publish"
    ]
    if not project.dependencies or not any(_ends_in(method, e.loose) for _, e in entries):
        return True
    return any(
        id in project.technologies and _ends_in(method, (*e.names, *e.loose)) for id, e in entries
    )


def _ends_in(method: str, names: tuple[str, ...]) -> bool:
    return any(name.rpartition(".")[2] == method for name in names)


def _is_told_not_to(call: Call, ctx: Context) -> bool:
    """Whether an argument switches off what would be sent: `order.save(notify=False)`."""
    return any(
        argument.name is not None
        and not _SENDING.isdisjoint(words(argument.name))
        and ctx.is_constant(argument.value, False)
        for argument in call.arguments
    )


def _fix(call: Call, ctx: Context) -> Fix | None:
    """Django's own hook, where the file has it at hand and the call stands alone."""
    if not ctx.is_statement(call):
        return None
    known = ctx.file.flow.outline.names.get("transaction")
    if known is None or getattr(known.node, "dotted", "") != "django.db.transaction":
        return None
    text = f"transaction.on_commit(lambda: {ctx.source(call)})"
    return Fix("Send it after the commit", (ctx.replace(call, text),), is_sure=False)
