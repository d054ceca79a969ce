"""One query for each element of a list: a page of a hundred orders costs a hundred round trips.

It is fast on a laptop with ten rows and a database next door. In production each round trip takes a
millisecond or more, holds a connection, and grows with the data. Ask once, before the loop: with
`IN (…)`, a join, `MGET` or the mapper's own bulk read, and look the answers up by their key.

Leave it off where the list is short by construction, where each query depends on the answer of the
one before, or in a job that nobody waits for.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Call,
    Fragment,
    Function,
    Member,
    walk,
)
from backend_expert.flow.summary import Effect
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.context import short
from backend_expert.lint.crowds import may_be_long
from backend_expert.lint.finding import Related
from backend_expert.lint.helped import is_inside_loop, remembers
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
from backend_expert.lint.rounds import (
    goes_in_portions,
    is_remembered,
    is_small,
    is_ticked,
    leaves_early,
)
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.pattern import pattern

_READS = ("orm.read", "document.read", "cache.read", "sql.execute")
# What makes a helper a step of work for one element, which nobody would do for all at once.
_WORK = frozenset(
    ("orm.write", "document.write", "http.request", "queue.publish", "mail.send", "payment.create",
     "cache.write", "sink.shell", "queue.ack")
)  # fmt: skip
_SLOW = ("http.request", "mail.send", "payment.create", "sink.shell")
# Names of a model or table that is itself looped over.
_PLACES = frozenset(("model", "table", "cls", "klass", "db", "using", "model_class"))


_ASIDE = pattern(r"(^|_|-)import(er|s)?(_|-|\.|$)|^prepare_|backfill|restor", re.IGNORECASE)
_MOST_CALLS = 12


@rule(
    title="Query inside a loop",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(1073,),
    sources=("fb-contrib SIL_SQL_IN_LOOP", "nplusone (at run time)"),
    tags=("n-plus-one",),
    in_scripts=False,
    needs=_READS,
    examples=[
        Example(
            bad="""
                from sqlalchemy import select
                from sqlalchemy.orm import Session

                def with_items(session: Session, orders: list[Order]) -> list[dict]:
                    answers = []
                    for order in orders:
                        items = session.scalars(select(Item).where(Item.order_id == order.id)).all()
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a query for each `order` (`session.scalars`)
                        answers.append({"id": order.id, "items": items})
                    return answers
            """,
        ),
        Example(
            bad="""
                import psycopg

                def price_of(connection: psycopg.Connection, sku: str):
                    return connection.execute("SELECT price FROM products WHERE sku = %s", (sku,)).fetchone()[0]

                def total(connection: psycopg.Connection, lines):
                    return sum(price_of(connection, line.sku) * line.quantity for line in lines)
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a query for each `line`, in `price_of`
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { Pool } = require('pg');
                const pool = new Pool();

                async function withItems(orders) {
                  for (const order of orders) {
                    const { rows } = await pool.query('SELECT * FROM items WHERE order_id = $1', [order.id]);
                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a query for each `order` (`pool.query`)
                    order.items = rows;
                  }
                  return orders;
                }
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { PrismaClient } = require('@prisma/client');
                const prisma = new PrismaClient();

                function authors(posts) {
                  return Promise.all(posts.map((post) => prisma.user.findUnique({ where: { id: post.authorId } })));
                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a query for each `post` (`prisma.user.findUnique`)
                }
            """,
        ),
        Example(
            good="""
                import psycopg

                def prices(connection: psycopg.Connection, skus: list[str]):
                    found = {}
                    for chunk in chunked(skus, 1000):
                        rows = connection.execute("SELECT sku, price FROM products WHERE sku = ANY(%s)", (chunk,))
                        found.update(rows.fetchall())
                    return found
            """,
        ),
        Example(
            good="""
                import psycopg

                TABLES = ("orders", "customers")

                def counts(connection: psycopg.Connection, tables):
                    for name in TABLES:
                        yield connection.execute("SELECT rows FROM stats WHERE name = %s", (name,)).fetchone()
                    for table in tables:
                        yield connection.execute(f"SELECT count(*) FROM {table}").fetchone()

                def next_job(connection: psycopg.Connection, worker):
                    while True:
                        row = connection.execute("SELECT id FROM jobs WHERE worker = %s", (worker,)).fetchone()
                        if row is None:
                            return
                        yield row

                def with_retries(connection: psycopg.Connection, key):
                    for attempt in range(3):
                        row = connection.execute("SELECT 1 FROM t WHERE k = %s AND n = %s", (key, attempt)).fetchone()
            """,
        ),
        Example(
            good="""
                import psycopg

                def names(connection: psycopg.Connection, orders):
                    known = {}
                    for order in orders:
                        if order.customer_id not in known:
                            known[order.customer_id] = connection.execute(
                                "SELECT name FROM customers WHERE id = %s", (order.customer_id,)
                            ).fetchone()
                    return known

                def first_free(connection: psycopg.Connection, candidates):
                    for name in candidates:
                        if not connection.execute("SELECT 1 FROM users WHERE name = %s", (name,)).fetchone():
                            return name

                def everywhere(shards, key):
                    for shard in shards:
                        with psycopg.connect(shard) as connection:
                            yield connection.execute("SELECT v FROM t WHERE k = %s", (key,)).fetchone()
            """,
        ),
        Example(
            language="javascript",
            good="""
                const { Pool } = require('pg');
                const pool = new Pool();

                async function withItems(orders) {
                  const ids = orders.map((order) => order.id);
                  const { rows } = await pool.query('SELECT * FROM items WHERE order_id = ANY($1)', [ids]);
                  for (const kind of ['books', 'games']) {
                    await pool.query('SELECT refresh($1)', [kind]);
                  }
                  return rows;
                }
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, *_READS)
    if meaning is not None:
        repeat = _repeat(call, ctx) if _reads(call, meaning, ctx) else None
        if repeat is None or _runs_aside(call, ctx):
            return
        if not _differs_by_place(call, repeat, ctx):
            yield Finding(
                call.span,
                f"a query for each `{repeat.word}` (`{called_as(call, ctx)}`)",
                related=(shown(repeat),),
            )
        return
    effect = _helped(call, ctx)
    if effect is None:
        return
    repeat = _repeat(call, ctx)
    if repeat is not None and not _runs_aside(call, ctx):
        there = Related(effect.span, f"`{short(effect.name)}` runs here", effect.home)
        yield Finding(
            call.span,
            f"a query for each `{repeat.word}`, in `{call.method}`",
            related=(shown(repeat), there),
        )


def _runs_aside(call: Call, ctx: Context) -> bool:
    """Whether nobody waits: something is imported or prepared, by what the file or function says."""
    names = [above.name for above in ctx.ancestors(call) if isinstance(above, Function)]
    return any(_ASIDE.search(word) for word in (ctx.file.path.rpartition("/")[2], *names))


def _reads(call: Call, meaning: Meaning, ctx: Context) -> bool:
    """Whether a call asks for something; writes are for `bulk-write-in-loop`."""
    if meaning.has("bulk"):
        return False
    above = ctx.parent(call)
    if isinstance(above, Member):
        outer = ctx.parent(above)
        if outer is not None and ctx.meaning(outer, *_READS):
            return False  # a link of a chain: the last link runs it
    if meaning.role != "sql.execute":
        return True
    queries = list(ctx.queries_of(call))
    if queries:
        return queries[0].verb == "SELECT" and not queries[0].is_write
    subject = ctx.subject(call, meaning)
    return subject is not None and ctx.name(subject).endswith((".Select", ".select"))


def _repeat(call: Call, ctx: Context) -> Repeat | None:
    """The loop over records that repeats a call with another argument each time."""
    for repeat in repeats(call, ctx):
        if goes_in_portions(repeat, ctx) or is_small(repeat.iterable, ctx):
            continue
        if repeat.iterable is not None and (
            is_ticked(repeat.iterable, ctx) or not may_be_long(repeat.iterable, ctx)
        ):
            continue
        if leaves_early(repeat) or is_remembered(call, repeat, ctx) or _is_slow(repeat, ctx):
            continue
        used = names_in(call) & differing(repeat)
        if used and root_of(call) not in handles(repeat):
            return repeat
    return None


def _is_slow(repeat: Repeat, ctx: Context) -> bool:
    """Whether each round asks another service or starts a program, beside which a query is cheap."""
    return any(
        isinstance(node, Call) and ctx.effects(node, *_SLOW)
        for statement in repeat.body
        for node in walk(statement)
    )


def _differs_by_place(call: Call, repeat: Repeat, ctx: Context) -> bool:
    """Whether each run asks another table, database or model, which no query can do at once."""
    return not _PLACES.isdisjoint(repeat.targets) or any(
        hole.position == "identifier" for query in ctx.queries_of(call) for hole in query.holes
    )


def _helped(call: Call, ctx: Context) -> Effect | None:
    """The query that a function of this file runs when it is called, if that is its business."""
    site = ctx.site(call)
    if site is None or site.summary is None:
        return None
    effects = site.summary.effects
    reads = [e for e in effects if e.role in _READS and e.hops == 0]
    if not reads or any(e.role in _WORK for e in effects):
        return None
    function = site.callee.node
    if not isinstance(function, Function) or remembers(function):
        return None
    if sum(isinstance(node, Call) for s in function.body for node in walk(s)) > _MOST_CALLS:
        return None  # it does a piece of work, of which the query is a small part
    effect = reads[0]
    runs = next((n for n in walk(function) if isinstance(n, Call) and n.span == effect.span), None)
    if runs is None or is_inside_loop(function, runs):
        return None
    sql = next((n.value for n in walk(runs) if isinstance(n, Fragment)), "")
    if effect.role == "sql.execute" and not sql.lstrip().upper().startswith("SELECT"):
        return None
    return effect
