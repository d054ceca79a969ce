"""Inside a transaction's callback, a query on the global client runs outside the transaction.

It takes another connection: it does not see what the transaction wrote, is not rolled back with
it, and when the pool is empty the two wait for each other. Use the handle that the callback gets.

Leave it off where a second connection is meant, as for an audit line that must stay after a
rollback.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Argument, Call, Expression, Function, Member, Name, Node
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.regions import opened_here
from backend_expert.lint.routes import mentions

_DATA = ("sql.execute", "orm.read", "orm.write", "orm.query")


@rule(
    title="Query outside the transaction's handle",
    severity=Severity.ERROR,
    languages=("javascript",),
    tags=("transactions",),
    needs=(
        "sql.execute",
        "orm.read",
        "orm.write",
        "orm.query",
    ),
    examples=[
        Example(
            language="javascript",
            bad="""
                const knex = require('knex')({ client: 'pg' });

                async function move(from, to, amount) {
                  await knex.transaction(async (trx) => {
                    await trx('accounts').where({ id: from }).decrement('balance', amount);
                    await knex.raw('UPDATE accounts SET balance = balance + ? WHERE id = ?', [amount, to]);
                          ^^^^ `knex` is outside the transaction; use `trx`
                  });
                }
            """,
            good="""
                const knex = require('knex')({ client: 'pg' });

                async function move(from, to, amount) {
                  await knex.transaction(async (trx) => {
                    await trx('accounts').where({ id: from }).decrement('balance', amount);
                    await trx.raw('UPDATE accounts SET balance = balance + ? WHERE id = ?', [amount, to]);
                  });
                }
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { Pool } = require('pg');
                const pool = new Pool();

                async function inTransaction(work) {
                  const client = await pool.connect();
                  try {
                    await client.query('BEGIN');
                    const result = await work(client);
                    await client.query('COMMIT');
                    return result;
                  } catch (error) {
                    await client.query('ROLLBACK');
                    throw error;
                  } finally {
                    client.release();
                  }
                }

                async function settle(id) {
                  await inTransaction(async (tx) => {
                    await tx.query('UPDATE deliveries SET sent = true WHERE id = $1', [id]);
                    await pool.query('INSERT INTO attempts (delivery_id) VALUES ($1)', [id]);
                          ^^^^ `pool` is outside the transaction; use `tx`
                  });
                }
            """,
        ),
        Example(
            language="javascript",
            good="""
                const knex = require('knex')({ client: 'pg' });

                async function move(id, amount) {
                  const account = await knex.raw('SELECT 1 FROM accounts WHERE id = ?', [id]);
                  await knex.transaction(async (trx) => {
                    await trx.raw('UPDATE accounts SET balance = ? WHERE id = ?', [amount, id]);
                  });
                  return account;
                }
            """,
        ),
        Example(
            language="javascript",
            good="""
                const knex = require('knex')({ client: 'pg' });

                async function move(id, amount) {
                  await knex.transaction(async (trx) => {
                    await trx.raw('UPDATE accounts SET balance = ? WHERE id = ?', [amount, id]);
                  }, { isolationLevel: 'serializable' });
                }
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, *_DATA)
    if meaning is None or not isinstance(call.callee, Member):
        return
    given, handle = _callback(call, ctx)
    if given is None or not handle:
        return
    used = _root(call.callee.object)
    outer = ctx.source(used) if used is not None else ""
    if used is None or outer == handle or not _is_global(given, outer, ctx):
        return
    if mentions(_whole_chain(call, ctx), handle):
        return  # the handle is passed along: `{transaction: t}`, `.transacting(trx)`
    fix = None
    if "transaction" not in meaning.entry.options:  # else the handle has no queries of its own
        fix = Fix(f"Use `{handle}`", (ctx.replace(used, handle),), is_sure=False)
    yield Finding(
        used.span,
        f"`{outer}` is outside the transaction; use `{handle}`",
        fix,
        (opened_here(given, ctx),),
    )


def _callback(call: Call, ctx: Context) -> tuple[Call | None, str]:
    """The call that opened the transaction around `call`, and the name of its handle."""
    for above in ctx.ancestors(call):
        if isinstance(above, Function):
            given = ctx.callback_of(above, "transaction") or _helper(above, ctx)
            if given is not None:
                names = [p.name for p in above.parameters]
                return given, names[0] if names else ""
    return None, ""


def _helper(callback: Function, ctx: Context) -> Call | None:
    """The call of a function of the project's own that runs `callback` in a transaction."""
    argument = ctx.parent(callback)
    given = ctx.parent(argument) if isinstance(argument, Argument) else None
    site = ctx.site(given) if isinstance(given, Call) else None
    if site is None or site.summary is None or "transaction" not in site.name.lower():
        return None
    return site.call if any(e.role == "sql.execute" for e in site.summary.effects) else None


def _is_global(given: Call, outer: str, ctx: Context) -> bool:
    """Whether `outer` is what the transaction was opened on, or what all of the file shares."""
    if isinstance(given.callee, Member) and ctx.meaning(given, "transaction") is not None:
        return ctx.source(given.callee.object) == outer
    return ctx.file.flow.home(outer) is not None


def _whole_chain(call: Call, ctx: Context) -> Node:
    """The outermost call of a chain: the `insert` of `knex("a").transacting(trx).insert(row)`."""
    whole: Node = call
    above = ctx.parent(call)
    while isinstance(above, Member) or (isinstance(above, Call) and above.callee is whole):
        whole, above = above, ctx.parent(above)
    return whole


def _root(node: Expression) -> Expression | None:
    """The innermost receiver of a chain: `knex` of `knex.select().from()`."""
    while True:
        if isinstance(node, Call):
            node = node.callee
        elif isinstance(node, Member):
            inner = node.object
            if isinstance(inner, Name) and inner.id == "self":
                return node
            node = inner
        elif isinstance(node, Name):
            return node
        else:
            return None
