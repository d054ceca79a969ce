"""LIMIT without ORDER BY takes any rows, and other ones the next time.

The database gives rows in the order that is cheapest at the moment; an update, a VACUUM or a
parallel plan changes it. Pages then repeat some rows and never show others, and "the first ten"
are any ten. Order by something unique (the key last), so that the order is the same each time.

Leave it off where any rows will do: a sample, a batch of work that is taken away afterwards.
"""

from collections.abc import Iterator

from sqlglot import exp

from backend_expert.facts.code import Call, Member
from backend_expert.facts.item import Item
from backend_expert.facts.query import Query
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span

_CATALOGUES = ("information_schema", "pg_", "sqlite_", "mysql")


@rule(
    title="LIMIT without ORDER BY",
    severity=Severity.WARNING,
    languages=("python", "javascript", "sql"),
    sources=("sqlfluff AM09", "Sonar S4054"),
    beside=("query", "orm.query"),
    in_scripts=False,
    examples=[
        Example(
            bad="""
                from sqlalchemy import text

                def page(session, after):
                    return session.execute(
                        text("SELECT id, name FROM customers WHERE id > :after LIMIT :limit"),
                                                                               ^^^^^^^^^^^^ any rows of `customers`: no ORDER BY
                        {"after": after, "limit": 50},
                    )
            """,
            good="""
                from sqlalchemy import text

                def page(session, after):
                    return session.execute(
                        text("SELECT id, name FROM customers WHERE id > :after ORDER BY id LIMIT :limit"),
                        {"after": after, "limit": 50},
                    )
            """,
        ),
        Example(
            bad="""
                from sqlalchemy import select
                from shop.models import Order

                def page(session, skip):
                    statement = select(Order).offset(skip).limit(50)
                                                           ^^^^^ any rows of `Order`: nothing orders them
                    return session.scalars(statement).all()
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { Pool } = require('pg');
                const pool = new Pool();

                async function page(offset) {
                  return pool.query('SELECT name FROM customers LIMIT 50 OFFSET $1', [offset]);
                                                                ^^^^^^^^ any rows of `customers`: no ORDER BY
                }
            """,
        ),
        Example(
            language="sql",
            bad="""
                SELECT name FROM customers LIMIT 50;
                                           ^^^^^^^^ any rows of `customers`: no ORDER BY
            """,
        ),
        Example(
            language="sql",
            good="""
                SELECT 1 FROM customers WHERE email = 'a' LIMIT 1;
                SELECT * FROM customers WHERE email = 'a' LIMIT 1;
                SELECT id FROM jobs LIMIT 10 FOR UPDATE SKIP LOCKED;
                DELETE FROM logs WHERE id IN (SELECT id FROM logs WHERE at < now() LIMIT 1000);
                SELECT count(*) FROM (SELECT id FROM orders LIMIT 1001) AS few;
                SELECT max(total) FROM orders LIMIT 10;
                SELECT id FROM orders ORDER BY id LIMIT 10;
                SELECT id FROM (SELECT id FROM orders ORDER BY total DESC) AS best LIMIT 10;
                SELECT table_name FROM information_schema.tables LIMIT 10;
            """,
        ),
        Example(
            good="""
                from sqlalchemy import select
                from shop.models import Order

                def page(session, connection, skip, order):
                    session.execute(f"SELECT id FROM orders {order} LIMIT 10")
                    session.scalars(select(Order).order_by(Order.id).limit(50))
                    statement = select(Order).limit(50)
                    return session.scalars(statement.order_by(Order.id))

                def base(statement):
                    return statement.limit(50)
            """,
        ),
    ],
)
def check(item: Item, ctx: Context) -> Iterator[Finding]:
    for query in ctx.queries:
        yield from _in_sql(query)
    for site in ctx.sites:
        if site.call.method == "limit":
            yield from _in_builder(site.call, ctx)


def _in_sql(query: Query) -> Iterator[Finding]:
    if any(s.position != "value" for s in query.slots):
        return
    for node in query.all(exp.Select):
        limit = node.args.get("limit") or node.args.get("offset")
        if limit is None or node.args.get("order") or not _takes_any(node):
            continue
        table = node.find(exp.Table)
        if table is None or not table.name:
            continue
        if table.db.startswith(_CATALOGUES) or table.name.startswith(_CATALOGUES):
            continue
        part = "limit" if node.args.get("limit") else "offset"
        span = query.clause(node, part)
        words = f"any rows of `{table.name}`: no ORDER BY"
        yield Finding(span, words, _fix(node, table, span, query), home=query.home)


def _takes_any(node: exp.Select) -> bool:
    """Whether it matters which rows come first."""
    limit = node.args.get("limit")
    count = limit.expression if isinstance(limit, exp.Limit) else None
    if isinstance(limit, exp.Fetch):
        count = limit.args.get("count")
    if isinstance(count, exp.Literal) and count.name in ("0", "1", "2"):
        return False
    source = node.args.get("from_")
    if source is None or node.args.get("locks") or node.find(exp.TableSample):
        return False
    if source.this.find(exp.Order):
        return False
    if all(_is_single(part) for part in node.expressions) and not node.args.get("group"):
        return False
    above = node.parent
    while above is not None:
        if isinstance(above, (exp.Delete, exp.Update, exp.Exists)):
            return False
        if isinstance(above, exp.Select):
            return not all(_is_single(part) for part in above.expressions)
        above = above.parent
    return True


def _is_single(part: exp.Expr) -> bool:
    """Whether a selected value is the same whatever row comes first."""
    value = part.unalias()
    return isinstance(value, exp.Literal) or value.find(exp.AggFunc) is not None


def _fix(node: exp.Select, table: exp.Table, span: Span, query: Query) -> Fix | None:
    """ORDER BY id, where the statement itself shows that there is an id."""
    if query.home or node.args.get("joins") or node.args.get("group") or node.args.get("distinct"):
        return None
    if not any(column.name == "id" for column in node.find_all(exp.Column)):
        return None
    edit = Edit(Span(span.start, span.start), "ORDER BY id ")
    return Fix("Order by the key", (edit,), is_sure=False)


def _in_builder(call: Call, ctx: Context) -> Iterator[Finding]:
    if call.arguments and ctx.is_constant(call.arguments[0].value, 0, 1):
        return
    if call.arguments and ctx.is_constant(call.arguments[0].value, 2):
        return  # asks whether there is just one
    function = ctx.function(call)
    around = ctx.source(function) if function is not None else ctx.text
    if any(word in around for word in ("order_by", "orderBy", "with_for_update", "skip_locked")):
        return
    node, model = call.callee, ""
    while isinstance(node, (Member, Call)):
        if isinstance(node, Call):
            meaning = ctx.meaning(node, "orm.query")
            if meaning is None:
                return
            if node.arguments and node.method in ("select", "query"):
                model = ctx.source(node.arguments[0].value)
                break
            node = node.callee
        else:
            node = node.object
    if model.isidentifier() and isinstance(call.callee, Member):
        span = call.callee.name_span
        yield Finding(span, f"any rows of `{model}`: nothing orders them")
