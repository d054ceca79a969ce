"""An UPDATE or DELETE without WHERE changes every row of its table.

Mostly a condition was forgotten, or lost when the query was put together; one call then resets or
empties the whole table, and only a backup brings it back. Say which rows are meant. To empty a
table on purpose, TRUNCATE says so and is faster.

Leave it off where the whole table is meant and its rows can be made again; a function whose name
says so (`clear_cache`, `truncate_all`) and temporary tables are left alone anyway.
"""

import re
from collections.abc import Iterator

from sqlglot import exp

from backend_expert.facts.code import (
    Call,
    Collection,
    Expression,
    Function,
    Member,
    Name,
    Node,
)
from backend_expert.facts.item import Item
from backend_expert.facts.query import Query
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.chains import (
    calls_of,
    is_put_aside,
    is_run_at_once,
    words_after,
    words_before,
)
from backend_expert.lint.deployment import is_for_development
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.pattern import pattern

_PASSING = pattern(r"(?:^|_)(?:te?mp|temporary|staging|stage|scratch)(?:_|$)", re.IGNORECASE)
# Names of functions and files that say that the whole table is meant.
_MEANT = pattern(
    r"(?:^|[_./])(?:all|clear|truncate|wipe|purge|flush|empty|tear_?down|seed(?:s|er)?|clean|cleanup"
    r"|drop|destroy|nuke|reset_(?:db|database|tables|data)|recompute|recalculate|rebuild|refresh"
    r"|backfill|reindex|populate|anonymi[sz]e|fixtures?|(?:empty|flush|clear|wipe)_?(?:db|database))(?:[_./]|$)"
    r"|^reset$"
)
# Folders of numbered steps from one version of a schema to the next.
_STEPS = pattern(r"(^|/)(deltas?|upgrades|patches)/(v?\d[^/]*/)?[^/]+$", re.IGNORECASE)
_FILTERS = pattern(
    r"^all$|where|filter|exclude|match|limit|first|join|having|slice|modify|between|only|pk|by_|_by"
    r"|from|using|none|difference|intersection|with_",
    re.IGNORECASE,
)
_BUILDERS = ("orm.query", "orm.write", "document.write")


@rule(
    title="UPDATE or DELETE without WHERE",
    severity=Severity.ERROR,
    languages=("python", "javascript", "sql"),
    sources=("Sonar S1590", "pgls banDeleteWithoutWhere", "pgls banUpdateWithoutWhere"),
    beside=("query", *_BUILDERS),
    examples=[
        Example(
            bad="""
                from sqlalchemy import text

                def reset_coupon(session, code):
                    session.execute(text("UPDATE coupons SET uses = 0"))
                                          ^^^^^^^^^^^^^^ no WHERE: updates every row of `coupons`
                    session.commit()
            """,
        ),
        Example(
            bad="""
                from django.db import models

                class Order(models.Model):
                    status = models.TextField()

                def close(order_id):
                    Order.objects.update(status="closed")
                                  ^^^^^^ no filter: updates every row of `Order`
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { Pool } = require('pg');
                const pool = new Pool();

                async function cancel(id) {
                  await pool.query('DELETE FROM orders');
                                    ^^^^^^^^^^^^^^^^^^ no WHERE: deletes every row of `orders`
                }
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { PrismaClient } = require('@prisma/client');
                const prisma = new PrismaClient();

                async function cancel(id) {
                  await prisma.order.updateMany({ data: { status: 'cancelled' } });
                                     ^^^^^^^^^^ no filter: updates every row of `order`
                }
            """,
        ),
        Example(
            language="sql",
            bad="""
                UPDATE accounts SET balance = 0;
                ^^^^^^^^^^^^^^^ no WHERE: updates every row of `accounts`
            """,
        ),
        Example(
            good="""
                import sqlite3

                connection = sqlite3.connect("shop.db")

                def forget(order_id, only_open):
                    query = "DELETE FROM carts"
                    if only_open:
                        query += " WHERE status = 'open'"
                    connection.execute(query)
                    connection.execute("DELETE FROM tmp_orders")
                    connection.execute("UPDATE orders SET total = 0 WHERE id = ?", (order_id,))

                def remove(table, condition):
                    connection.execute(f"DELETE FROM carts {condition}")
                    connection.execute(f"DELETE FROM {table}")

                def clear_sessions():
                    connection.execute("DELETE FROM sessions")
            """,
        ),
        Example(
            good="""
                from django.db import models
                from sqlalchemy import delete, update

                class Order(models.Model):
                    status = models.TextField()

                def close(order_id, orders, session, Cart):
                    Order.objects.filter(pk=order_id).update(status="closed")
                    Order.objects.all().delete()  # says that it means them all
                    orders.update(status="closed")
                    Order.query.filter_by(id=order_id).update({"status": "closed"})
                    session.execute(delete(Cart).where(Cart.id == order_id))
                    statement = update(Cart)
                    session.execute(statement.where(Cart.id == order_id))
            """,
        ),
        Example(
            language="javascript",
            good="""
                const knex = require('knex')({ client: 'pg' });

                async function cancel(id, filter) {
                  await knex('orders').update({ status: 'cancelled' }).where({ id });
                  await knex('orders').where(filter).del();
                  await knex('sessions').truncate();
                  const query = knex('carts').del();
                  if (filter) query.where(filter);
                  await query;
                }
            """,
        ),
        Example(
            good="""
                import psycopg

                def keep_version(connection: psycopg.Connection, version: int) -> None:
                    connection.execute("DELETE FROM shop_version")
                    connection.execute("INSERT INTO shop_version (number) VALUES (%s)", (version,))
            """,
        ),
        Example(
            language="javascript",
            good="""
                const { Pool } = require('pg');
                const pool = new Pool();

                exports.emptyDb = async function () {
                  await pool.query('DELETE FROM carts');
                };
            """,
        ),
        Example(
            language="sql",
            path="dev/accounts.sql",
            good="UPDATE customers SET password = 'x';",
        ),
        Example(
            language="sql",
            path="storage/schema/delta/12/config.sql",
            good="UPDATE settings SET config = old_config;",
        ),
        Example(
            language="sql",
            good="""
                UPDATE orders SET total = s.total FROM sums s;
                UPDATE orders SET status = 'open' WHERE id = 1;
                DELETE FROM staging_orders;
                DELETE FROM carts USING orders WHERE orders.cart_id = carts.id;
            """,
        ),
    ],
)
def check(item: Item, ctx: Context) -> Iterator[Finding]:
    for query in ctx.queries:
        yield from _in_sql(query, ctx)
    for site in ctx.sites:
        for meaning in site.meanings:
            if meaning.has("all-rows"):
                yield from _in_builder(site.call, meaning, ctx)
                break


def _in_sql(query: Query, ctx: Context) -> Iterator[Finding]:
    tree = query.expression
    if not isinstance(tree, (exp.Update, exp.Delete)):
        return
    if any(tree.args.get(part) for part in ("where", "from_", "using", "limit", "tables", "with_")):
        return
    table = tree.this
    if table.args.get("joins"):
        return
    if _PASSING.search(table.name) or any(hole.position != "value" for hole in query.slots):
        return
    if query.call is not None and _is_meant(query.call, ctx):
        return
    if query.call is None and _MEANT.search(ctx.file.path.lower()):
        return
    if (
        is_for_development(ctx.file.path)
        or _STEPS.search(ctx.file.path)
        or _is_filled_again(tree, ctx)
    ):
        return
    verb, words = ("UPDATE", "updates") if isinstance(tree, exp.Update) else ("DELETE", "deletes")
    first = query.keyword(verb)
    last = query.place(table)
    span = first if last.start < first.start else type(first)(first.start, last.end)
    yield Finding(span, f"no WHERE: {words} every row of `{table.name}`", home=query.home)


def _is_filled_again(tree: exp.Update | exp.Delete, ctx: Context) -> bool:
    """Whether the function that empties a table fills it, so that its content is replaced."""
    return isinstance(tree, exp.Delete) and any(
        isinstance(other.expression, exp.Insert)
        and (into := other.expression.find(exp.Table)) is not None
        and into.name == tree.this.name
        for other in ctx.queries
    )


def _is_meant(node: Node, ctx: Context) -> bool:
    """Whether the function around it, or the file, says that all rows are meant."""
    for above in ctx.ancestors(node):
        if isinstance(above, Function) and _MEANT.search(_words(above.name)):
            return True
    return bool(_MEANT.search(_words(ctx.item.place.owner)) or _MEANT.search(_path(ctx)))


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _path(ctx: Context) -> str:
    return ctx.file.path.rpartition("/")[2].lower()


def _in_builder(call: Call, meaning: Meaning, ctx: Context) -> Iterator[Finding]:
    verb = "updates" if meaning.has("update") else "deletes"
    if meaning.role == "document.write":
        subject = ctx.subject(call, meaning)
        if subject is None or not _is_empty(subject, ctx):
            return
    elif "filter" in meaning.entry.options:
        given = ctx.option(call, meaning, "filter")
        if call.arguments and not _is_open(call.arguments[0].value, ctx):
            return
        if given.value is not None and not _is_empty(given.value, ctx):
            return
    elif meaning.role == "orm.query" and not is_run_at_once(call, ctx):
        return
    above = list(words_after(call, ctx))
    if not ctx.is_python and is_put_aside(call, ctx):
        return
    below, root = words_before(call)
    target = _target(call, root, meaning, ctx)
    if not target or any(_FILTERS.search(word) for word in (*above, *below)):
        return
    if _PASSING.search(target) or _is_meant(call, ctx) or _is_one_chosen(call, root, ctx):
        return
    span = call.callee.name_span if isinstance(call.callee, Member) else call.callee.span
    yield Finding(span, f"no filter: {verb} every row of `{target}`")


def _is_one_chosen(call: Call, root: Expression, ctx: Context) -> bool:
    """Whether a field is set back for all rows, and then set for the one that has it now."""
    fields = {argument.name for argument in call.arguments}
    source = ctx.source(root)
    return bool(fields) and any(
        other.method == call.method
        and {argument.name for argument in other.arguments} == fields
        and ctx.source(other).startswith(source)
        and any(_FILTERS.search(word) for word in words_before(other)[0])
        for site in ctx.sites
        for other in (site.call,)
    )


def _is_empty(node: Expression, ctx: Context) -> bool:
    literal = ctx.value(node).node
    return isinstance(literal, Collection) and literal.kind == "map" and not literal.entries


def _is_open(node: Expression, ctx: Context) -> bool:
    """Whether all members of a map of options are seen."""
    literal = ctx.value(node).node
    return isinstance(literal, Collection) and not literal.spreads


def _target(call: Call, root: Expression, meaning: Meaning, ctx: Context) -> str:
    """The table or model that is changed; empty when its rows may be chosen somewhere else."""
    words = words_before(call)[0]
    if meaning.role == "document.write" or "filter" in meaning.entry.options:
        return words[0] if words else ctx.source(root)
    source = ctx.source(root)
    if meaning.role == "orm.query":
        return ctx.source(call.arguments[0].value) if call.arguments else ""
    if "objects" in words:
        # A manager of a class has all rows; one of an object has its own.
        return source if source[:1].isupper() else ""
    if "query" in words:
        holder = next((n for n in calls_of(call) if n.method == "query"), None)
        if holder is None:
            return source if source[:1].isupper() and words == ["query"] else ""
        return ctx.source(holder.arguments[0].value) if len(holder.arguments) == 1 else ""
    if isinstance(root, Call) and root.arguments:
        return ctx.text_of(root.arguments[0].value) or ""
    if not ctx.is_python and not meaning.has("async"):
        # The table is what the builder is given first: `db.delete(orders)`.
        first = call.arguments[0].value if call.arguments else None
        return first.id if isinstance(first, Name) else ""
    return ""
