"""A row lock ends with its transaction. Outside of one it ends with the statement that took it.

The code then reads as if nobody else could touch the row, and everybody can; Django raises instead,
at the first call in production. Open the transaction before the lock, and write before it ends.

Leave it off where every caller has a transaction open that this file does not show.
"""

import re
from collections.abc import Iterator

from sqlglot import exp

from backend_expert.facts.code import Branch, Call, Choice, Expression, Function, Member, Name
from backend_expert.facts.query import Query
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.commits import in_transaction, is_entry
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

_MESSAGE = "no transaction is open: the lock is gone at once"
_IN_ONE = pattern(r"atomic|transaction|in_tx", re.IGNORECASE)


@rule(
    title="Row lock without a transaction",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(667,),
    sources=("Django (at run time)",),
    tags=("transactions", "locks"),
    needs=("row-lock",),
    examples=[
        Example(
            bad="""
                from django.db import models

                class Account(models.Model): ...

                def pay(request):
                    account = Account.objects.select_for_update().get(owner=request.user)
                                              ^^^^^^^^^^^^^^^^^^^ no transaction is open: the lock is gone at once
                    account.balance -= 1
                    account.save()
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { Pool } = require('pg');
                const pool = new Pool();

                async function pay(id, amount) {
                  const { rows } = await pool.query('SELECT balance FROM accounts WHERE id = $1 FOR UPDATE', [id]);
                                                                                                ^^^^^^^^^^ no transaction is open: the lock is gone at once
                  await pool.query('UPDATE accounts SET balance = $1 WHERE id = $2', [rows[0].balance - amount, id]);
                }
            """,
        ),
        Example(
            good="""
                from django.db import models, transaction

                class Account(models.Model): ...

                def pay(request):
                    with transaction.atomic():
                        account = Account.objects.select_for_update().get(owner=request.user)
                        account.save()

                @transaction.atomic
                def decorated(request):
                    return Account.objects.select_for_update().get(owner=request.user)

                def locked(owner):
                    return Account.objects.select_for_update().get(owner=owner)
            """,
        ),
        Example(
            language="javascript",
            good="""
                const { Pool } = require('pg');
                const pool = new Pool();

                async function pay(id, amount) {
                  const client = await pool.connect();
                  await client.query('BEGIN');
                  await client.query('SELECT balance FROM accounts WHERE id = $1 FOR UPDATE', [id]);
                  await client.query('COMMIT');
                  await pool.query('SELECT balance FROM accounts WHERE id = $1', [id]);
                  await pool.query('WITH next AS (SELECT id FROM jobs FOR UPDATE SKIP LOCKED LIMIT 1) UPDATE jobs SET taken = true FROM next WHERE jobs.id = next.id');
                }
            """,
        ),
        Example(
            language="javascript",
            good="""
                const knex = require('knex')({ client: 'pg' });

                async function pay(id, amount, trx) {
                  const account = await trx('accounts').where({ id }).forUpdate().first();
                  const other = await knex('accounts').transacting(trx).where({ id }).forUpdate().first();
                }
            """,
        ),
    ],
)
def check(fact: Call | Query, ctx: Context) -> Iterator[Finding]:
    if isinstance(fact, Query):
        yield from _written(fact, ctx)
        return
    meaning = ctx.meaning(fact, "row-lock")
    if meaning is None or not meaning.has("needs-transaction"):
        return
    function = ctx.function(fact)
    if function is None or not _begins(function, ctx) or in_transaction(fact, ctx):
        return
    if _is_handed(fact.callee, function, ctx) or _is_asked_for(fact, ctx):
        return
    callee = fact.callee
    start = callee.name_span.start if isinstance(callee, Member) else fact.span.start
    yield Finding(Span(start, fact.span.end), _MESSAGE)


def _is_asked_for(fact: Call, ctx: Context) -> bool:
    """Whether it locks only if told that a transaction is open: `if self.is_atomic: …`."""
    return any(
        isinstance(above, Branch | Choice) and _IN_ONE.search(ctx.source(above.test))
        for above in ctx.ancestors(fact)
    )


def _written(query: Query, ctx: Context) -> Iterator[Finding]:
    """`SELECT … FOR UPDATE` that goes to a pool, each of whose queries is a transaction."""
    call, tree = query.call, query.expression
    if call is None or not isinstance(tree, exp.Select) or not tree.args.get("locks"):
        return
    meaning = ctx.meaning(call, "sql.execute")
    if meaning is not None and meaning.has("autocommits"):
        yield Finding(query.keyword("FOR UPDATE"), _MESSAGE, home=query.home)


def _begins(function: Function, ctx: Context) -> bool:
    return is_entry(function, ctx)


def _is_handed(node: Expression, function: Function, ctx: Context) -> bool:
    """Whether the chain starts at a handle that the function was given, or one is passed to it."""
    given = {parameter.name for parameter in function.parameters}
    while isinstance(node, Member | Call):
        if isinstance(node, Member):
            if node.name in ("transacting", "using"):
                return True
            node = node.object
        else:
            node = node.callee
    return isinstance(node, Name) and node.id in given
