"""One INSERT for each element of a list: a thousand rows cost a thousand round trips.

Each is parsed, answered and, outside a transaction, flushed to disk on its own. The same rows in
one statement, or in batches of a few hundred, take a hundredth of the time and hold locks for less
of it. Collect them and use the bulk form: `executemany`, `bulk_create`, `insertMany`, `createMany`,
`COPY`.

Leave it off where each row needs the key of the one before, or its own handling of errors.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import Await, Call, Handler, Loop, Node, Region, walk
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.crowds import may_be_long
from backend_expert.lint.loops import (
    Repeat,
    called_as,
    differing,
    handles,
    names_in,
    repeats,
    root_of,
    shown,
)
from backend_expert.lint.rounds import goes_in_portions, is_remembered, is_small, leaves_early
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.pattern import pattern

_WRITES = ("orm.write", "document.write", "sql.execute")
# Bulk forms, upserts, and what only puts a row into a unit of work that is flushed as a whole.
_NOT_ONE = ("bulk", "if-absent", "update", "pending", "unit-of-work", "deferred", "many")
_OTHERS = (
    "orm.read", "document.read", "http.request", "queue.publish", "mail.send", "payment.create",
    "queue.ack", "transaction.commit",
)  # fmt: skip


_SAYS_WHY = pattern(r"\b(bulk|signals?|one by one|one at a time)\b", re.IGNORECASE)


@rule(
    title="One write for each element",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(1073,),
    sources=("sonar S6912 (JDBC)",),
    in_scripts=False,
    needs=("orm.write", "document.write", "sql.execute"),
    examples=[
        Example(
            bad="""
                import psycopg

                def store(connection: psycopg.Connection, lines):
                    for line in lines:
                        connection.execute("INSERT INTO lines (sku, quantity) VALUES (%s, %s)", (line.sku, line.quantity))
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `connection.execute` writes one row for each `line`
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { PrismaClient } = require('@prisma/client');
                const prisma = new PrismaClient();

                async function store(lines) {
                  for (const line of lines) {
                    await prisma.line.create({ data: { sku: line.sku } });
                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `prisma.line.create` writes one row for each `line`
                  }
                }
            """,
        ),
        Example(
            good="""
                import psycopg

                def store(connection: psycopg.Connection, lines, orders):
                    with connection.cursor() as cursor:
                        cursor.executemany("INSERT INTO lines (sku) VALUES (%s)", [(line.sku,) for line in lines])
                    for order in orders:
                        row = connection.execute("INSERT INTO orders (c) VALUES (%s) RETURNING id", (order.c,)).fetchone()
                        order.id = row[0]
                    for line in lines:
                        try:
                            connection.execute("INSERT INTO lines (sku) VALUES (%s)", (line.sku,))
                        except psycopg.IntegrityError:
                            skip(line)
            """,
        ),
        Example(
            language="javascript",
            good="""
                const { PrismaClient } = require('@prisma/client');
                const prisma = new PrismaClient();

                async function store(lines) {
                  await prisma.line.createMany({ data: lines });
                  for (const kind of ['a', 'b']) {
                    await prisma.kind.create({ data: { kind } });
                  }
                  for (const line of lines) {
                    const made = await prisma.line.create({ data: { sku: line.sku } });
                    line.id = made.id;
                  }
                }
            """,
        ),
        Example(
            good="""
                from django.core.exceptions import ObjectDoesNotExist
                from django.db import transaction
                from shop.models import Courier, Route

                def keep(names, stops):
                    for name in names:
                        try:
                            Courier.objects.get(name=name)
                        except ObjectDoesNotExist:
                            Courier.objects.create(name=name)
                    for stop in stops:
                        with transaction.atomic():
                            Route.objects.create(stop=stop)
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, *_WRITES)
    if meaning is None or not _inserts_one(call, meaning, ctx) or not _is_unused(call, ctx):
        return
    repeat = next(repeats(call, ctx), None)
    if repeat is None or not isinstance(repeat.node, Loop):
        return
    if goes_in_portions(repeat, ctx) or is_small(repeat.iterable, ctx) or leaves_early(repeat):
        return
    if repeat.iterable is None or not may_be_long(repeat.iterable, ctx):
        return
    if any(repeat.node.span.covers(tried.span) for tried in ctx.tries(call)):
        return  # each row has its own handling of errors
    if ctx.enclosing(call, Handler) is not None:
        return  # only where another way has failed
    own = ctx.held(call, "transaction")
    if isinstance(own, Region) and repeat.node.span.covers(own.span):
        return  # each row is meant to stand or fall by itself
    if _does_more(call, repeat, ctx) or _is_meant(call, ctx):
        return
    if is_remembered(call, repeat, ctx):
        return
    if names_in(call) & differing(repeat) and root_of(call) not in handles(repeat):
        yield Finding(
            call.span,
            f"`{called_as(call, ctx)}` writes one row for each `{repeat.word}`",
            related=(shown(repeat),),
        )


def _inserts_one(call: Call, meaning: Meaning, ctx: Context) -> bool:
    if meaning.role != "sql.execute":
        return meaning.has("insert") and not any(map(meaning.has, _NOT_ONE))
    if meaning.has("many"):
        return False
    for query in ctx.queries_of(call):
        is_plain = not any(hole.position == "identifier" for hole in query.holes)
        return query.verb == "INSERT" and is_plain and "RETURNING" not in query.text.upper()
    return False


def _is_unused(call: Call, ctx: Context) -> bool:
    """Whether nothing is done with the result, such as to ask for the new key."""
    above = ctx.parent(call)
    if isinstance(above, Await):
        return ctx.is_statement(above)
    return ctx.is_statement(call)


def _is_meant(call: Call, ctx: Context) -> bool:
    """Whether a comment of the function says why the rows are not written at once."""
    function = ctx.function(call)
    return function is not None and any(
        function.span.covers(comment.span)
        and comment.span.end <= call.span.start
        and _SAYS_WHY.search(comment.text)
        for comment in ctx.item.comments
    )


def _does_more(call: Call, repeat: Repeat, ctx: Context) -> bool:
    """Whether the loop writes elsewhere as well, or works for each element in another way."""
    for statement in repeat.body:
        for node in walk(statement):
            if node is not call and _counts(node, ctx):
                return True
    return False


def _counts(node: Node, ctx: Context) -> bool:
    return ctx.meaning(node, *_WRITES, *_OTHERS) is not None
