"""A condition in WHERE takes away the very rows that the LEFT JOIN was to keep.

Where there is no match the columns of the right table are NULL, and a comparison with NULL is
never true: the LEFT JOIN has become an inner one. If the rows without a match are wanted, move the
condition into ON; if they are not, write JOIN, which says so and is planned better.

Leave it off where a query is put together from filters and the join must fit all of them.
"""

from collections.abc import Iterator

from sqlglot import exp

from backend_expert.facts.query import Query
from backend_expert.lint import Context, Example, Finding, Fix, Related, Severity, rule
from backend_expert.text.edit import Edit

_REJECTING = (
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like, exp.ILike, exp.In, exp.Between,
)  # fmt: skip


@rule(
    title="LEFT JOIN undone by WHERE",
    severity=Severity.WARNING,
    languages=("python", "javascript", "sql"),
    sources=("SlowQL (joins)",),
    in_migrations=True,
    examples=[
        Example(
            language="sql",
            bad="""
                SELECT c.id, o.total FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.total > 100;
                                                                                                       ^^^^^^^^^^^^^ drops the rows that the LEFT JOIN of `orders` keeps
            """,
            good="""
                SELECT c.id, o.total FROM customers c JOIN orders o ON o.customer_id = c.id WHERE o.total > 100;
            """,
        ),
        Example(
            bad="""
                import psycopg

                def big(connection: psycopg.Connection, after):
                    return connection.execute(
                        "SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id"
                        " WHERE c.id > %s AND o.status = 'open'", (after,)
                                              ^^^^^^^^^^^^^^^^^ drops the rows that the LEFT JOIN of `orders` keeps
                    )
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { Pool } = require('pg');
                const pool = new Pool();

                pool.query('SELECT c.id FROM customers c LEFT JOIN orders ON orders.customer_id = c.id WHERE orders.status IN (1, 2)');
                                                                                                             ^^^^^^^^^^^^^^^^^^^^^^^ drops the rows that the LEFT JOIN of `orders` keeps
            """,
        ),
        Example(
            language="sql",
            good="""
                SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.id IS NULL;
                SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.total > 1 OR o.id IS NULL;
                SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE coalesce(o.total, 0) > 1;
                SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.total > 1 WHERE c.id > 1;
            """,
        ),
        Example(
            good="""
                import psycopg

                def find(connection: psycopg.Connection, status):
                    query = "SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id"
                    if status:
                        query += " WHERE o.status = %s"
                    return connection.execute(query, (status,))
            """,
        ),
    ],
)
def check(query: Query, ctx: Context) -> Iterator[Finding]:
    if query.grows:
        return
    for select in query.all(exp.Select):
        where = select.args.get("where")
        joins: list[exp.Join] = select.args.get("joins") or []
        kept = {j.alias_or_name: j for j in joins if j.side == "LEFT" and j.alias_or_name}
        if where is None:
            continue
        reported: set[str] = set()
        for asked in _conjuncts(where.this):
            name = _rejected(asked)
            join = kept.get(name)
            if join is None or name in reported:
                continue
            reported.add(name)
            table = join.this.name if isinstance(join.this, exp.Table) else name
            yield Finding(
                query.place(asked),
                f"drops the rows that the LEFT JOIN of `{table}` keeps",
                _fix(join, query),
                (Related(query.place(join), "the LEFT JOIN", query.home),),
                home=query.home,
            )


def _conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(condition, exp.And):
        yield from _conjuncts(condition.left)
        yield from _conjuncts(condition.right)
    elif isinstance(condition, exp.Paren):
        yield from _conjuncts(condition.this)
    else:
        yield condition


def _rejected(asked: exp.Expr) -> str:
    """The relation of which a row of NULLs cannot pass the condition."""
    if not isinstance(asked, _REJECTING):
        return ""
    for side in (asked.this, asked.expression):
        if isinstance(side, exp.Column) and side.table:
            return side.table
    return ""


def _fix(join: exp.Join, query: Query) -> Fix | None:
    if query.home:
        return None
    for words in ("LEFT JOIN", "LEFT OUTER JOIN"):
        span = query.keyword(words, near=join.this)
        if span != query.span:
            return Fix("Write JOIN", (Edit(span, "JOIN"),), is_sure=False)
    return None
