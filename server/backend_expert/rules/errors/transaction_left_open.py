"""A transaction that is begun and, when something fails, neither committed nor rolled back.

The connection goes back to the pool with the transaction still open: its locks stay, the next
request that gets it works inside somebody else's transaction, and a commit much later may write
half of what failed. Roll back in `catch` or `finally`, or use the form that does so by itself: a
`with` block, or a callback that runs inside the transaction.

Leave it off where the caller rolls back, or closes the connection for good, when this fails.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Call,
    Function,
    Handler,
    Held,
    Member,
    Name,
    Node,
    Try,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.finding import Related
from backend_expert.lint.lifetime import Opened, opened
from backend_expert.text.pattern import pattern

_BEGIN = pattern(r"^\s*(BEGIN|START\s+TRANSACTION)\b(?!.*\b(COMMIT|END)\b)", re.I | re.S)
_COMMIT = pattern(r"^\s*(COMMIT|END)\b", re.I)
_ROLLBACK = pattern(r"^\s*(ROLLBACK|ABORT)\b", re.I)
_ROLLS_BACK = pattern(r"^_?a?(rollback|abort|roll_back)|Rollback$|^set_rollback$", re.I)
# Closing for good ends the transaction; giving back to a pool does not.
_ENDS = pattern(r"^a?(close|end|destroy|terminate|disconnect|endSession)$")


@rule(
    title="Transaction left open when something fails",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(772,),
    sources=("Sonar S8168",),
    tags=("transactions",),
    needs=("transaction.begin", "transaction", "sql.execute"),
    examples=[
        Example(
            bad="""
                import pymysql

                def transfer(connection: pymysql.Connection, amount):
                    connection.begin()
                    ^^^^^^^^^^^^^^^^^^ no rollback when something between here and the commit fails
                    cursor = connection.cursor()
                    cursor.execute("UPDATE accounts SET balance = balance - %s WHERE id = 1", (amount,))
                    cursor.execute("UPDATE accounts SET balance = balance + %s WHERE id = 2", (amount,))
                    connection.commit()
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
                          ^^^^^^^^^^^^^^^^^^^^^ no rollback when something between here and the commit fails
                    const result = await work(client);
                    await client.query('COMMIT');
                    return result;
                  } finally {
                    client.release();
                  }
                }
            """,
        ),
        Example(
            language="typescript",
            bad="""
                import { Sequelize } from 'sequelize';

                const sequelize = new Sequelize('postgres://db.example/shop');

                async function pay(order: Order) {
                  const transaction = await sequelize.transaction();
                                            ^^^^^^^^^^^^^^^^^^^^^^^ no rollback when something between here and the commit fails
                  await order.update({ paid: true }, { transaction });
                  await transaction.commit();
                }
            """,
        ),
        Example(
            good="""
                import pymysql

                def transfer(connection: pymysql.Connection, work):
                    connection.begin()
                    try:
                        work(connection)
                        connection.commit()
                    except BaseException:
                        connection.rollback()
                        raise

                def begin(connection: pymysql.Connection):
                    connection.begin()

                def closed(connection: pymysql.Connection, work):
                    try:
                        connection.begin()
                        work(connection)
                        connection.commit()
                    finally:
                        connection.close()
            """,
        ),
        Example(
            language="javascript",
            good="""
                const { Pool } = require('pg');
                const { Sequelize } = require('sequelize');
                const pool = new Pool();
                const sequelize = new Sequelize('postgres://db.example/shop');

                async function inTransaction(work) {
                  const client = await pool.connect();
                  try {
                    await client.query('BEGIN');
                    await work(client);
                    await client.query('COMMIT');
                  } catch (error) {
                    await client.query('ROLLBACK');
                    throw error;
                  } finally {
                    client.release();
                  }
                }

                async function pay(order) {
                  await sequelize.transaction(async (transaction) => {
                    await order.update({ paid: true }, { transaction });
                  });
                  const transaction = await sequelize.transaction();
                  try {
                    await order.update({ paid: true }, { transaction });
                    await transaction.commit();
                  } catch (error) {
                    await transaction.rollback();
                    throw error;
                  }
                }
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    if not _begins(call, ctx):
        return
    function = ctx.function(call)
    if not isinstance(function, Function) or ctx.transaction(call) is not None:
        return
    commit: Call | None = None
    for site in ctx.sites:
        other = site.call
        if not function.span.covers(other.span):
            continue
        if _rolls_back(other, ctx) and _on_failure(other, function, ctx):
            return
        if commit is None and other.span.start > call.span.end and _commits(other, ctx):
            commit = other
    if commit is not None:
        here = Related(commit.span, "only this ends the transaction")
        words = "no rollback when something between here and the commit fails"
        yield Finding(call.span, words, related=(here,))


def _begins(call: Call, ctx: Context) -> bool:
    meaning = ctx.meaning(call, "transaction.begin", "transaction", "sql.execute")
    if meaning is None:
        return False
    if meaning.role == "sql.execute":
        return _text(call, ctx, _BEGIN)
    if meaning.role == "transaction.begin":
        return True
    if meaning.has("savepoint"):
        return False
    what = opened(call, ctx)
    return what is not None and _is_ended_by_hand(what, ctx)


def _is_ended_by_hand(what: Opened, ctx: Context) -> bool:
    """Whether the function commits through the name itself, and does not hold it in `with`."""
    for site in ctx.sites:
        callee = site.call.callee
        receiver = callee.object if isinstance(callee, Member) else None
        if not isinstance(receiver, Name) or receiver.id != what.name:
            continue
        if _commits(site.call, ctx):
            return not any(
                isinstance(node, Held) and getattr(node.value, "id", "") == what.name
                for node in walk(what.function)
            )
    return False


def _text(call: Call, ctx: Context, pattern: re.Pattern[str]) -> bool:
    meaning = ctx.meaning(call, "sql.execute")
    subject = ctx.subject(call, meaning) if meaning is not None else None
    text = ctx.text_of(subject) if subject is not None else None
    return text is not None and pattern.search(text) is not None


def _commits(node: Node, ctx: Context) -> bool:
    if not isinstance(node, Call):
        return False
    if _text(node, ctx, _COMMIT):
        return True
    return isinstance(node.callee, Member) and node.callee.name in ("commit", "commitTransaction")


def _rolls_back(call: Call, ctx: Context) -> bool:
    if ctx.effects(call, "transaction.rollback") or _ROLLS_BACK.search(call.method):
        return True
    if _ENDS.search(call.method) or (call.method == "release" and call.arguments):
        return True
    return _text(call, ctx, _ROLLBACK)


def _on_failure(call: Call, function: Function, ctx: Context) -> bool:
    """Whether a call runs when something has failed: in a handler, a `finally`, a callback."""
    below: Node = call
    for above in ctx.ancestors(call):
        if above is function:
            return False
        if isinstance(above, Handler | Function):
            return True
        if isinstance(above, Try) and any(below is statement for statement in above.final):
            return True
        below = above
    return False
