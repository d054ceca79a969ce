"""A call to another service inside a transaction holds rows and a connection while it waits.

When that service takes ten seconds, everyone who needs those rows takes ten seconds, and the pool
is empty soon after. If the transaction then rolls back, the call has happened all the same. Call
first and write after, or write, commit, and let a worker call.

Leave it off where the transaction only reads, or where the call is a deliberate step of a saga that
you can undo; say so in the comment that silences it.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.regions import open_transaction, opened_here, reached

_REMOTE = ("http.request", "mail.send", "payment.create")


@rule(
    title="Remote call while a transaction is open",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(1088,),
    sources=("isolator (Ruby, at run time)",),
    tags=("transactions",),
    needs=(
        "http.request",
        "mail.send",
        "payment.create",
    ),
    examples=[
        Example(
            bad="""
                import requests
                from django.db import transaction

                def pay(order):
                    with transaction.atomic():
                        order.save()
                        requests.post("https://pay.example/charges", json={}, timeout=5)
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `requests.post` waits for another service inside a transaction
            """,
        ),
        Example(
            bad="""
                import requests
                from django.db import transaction

                def charge(order):
                    requests.post("https://pay.example/charges", json={}, timeout=5)

                @transaction.atomic
                def pay(order):
                    order.save()
                    charge(order)
                    ^^^^^^^^^^^^^ `requests.post` waits for another service inside a transaction
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const axios = require('axios');
                const { PrismaClient } = require('@prisma/client');
                const prisma = new PrismaClient();

                async function pay(order) {
                  await prisma.$transaction(async (tx) => {
                    await tx.order.update({ where: { id: order.id }, data: { paid: true } });
                    await axios.post('https://pay.example/charges', {}, { timeout: 5000 });
                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `axios.post` waits for another service inside a transaction
                  });
                }
            """,
        ),
        Example(
            good="""
                import requests
                from django.db import transaction

                def pay(order):
                    answer = requests.post("https://pay.example/charges", json={}, timeout=5)
                    with transaction.atomic():
                        order.paid = answer.ok
                        order.save()
                        transaction.on_commit(lambda: requests.post("https://hook.example", timeout=5))
            """,
        ),
        Example(
            good="""
                import threading

                import requests

                lock = threading.Lock()

                def pay(order):
                    with lock:
                        requests.post("https://pay.example/charges", json={}, timeout=5)
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    name = reached(call, ctx, *_REMOTE)
    if not name:
        return
    held = open_transaction(call, ctx)
    if held is not None and held is not call:
        yield Finding(
            call.span,
            f"`{name}` waits for another service inside a transaction",
            related=(opened_here(held, ctx),),
        )
