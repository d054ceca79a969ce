"""Nothing equals NULL, not even NULL: the comparison is never true and no row is found.

`= NULL` and `<> NULL` give NULL, which WHERE takes for false. Ask with IS NULL or IS NOT NULL. The
same happens to a parameter that is None or null: the statement looks right and finds nothing.

Leave it off where SQL Server runs with ANSI_NULLS off.
"""

from collections.abc import Iterator

from sqlglot import exp

from backend_expert.facts.code import Collection, Expression
from backend_expert.facts.query import Placeholder, Query
from backend_expert.lint import Context, Example, Finding, Fix, Related, Severity, rule
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span

_CONDITIONS = (exp.Where, exp.Having, exp.Join, exp.If)


@rule(
    title="Comparison with NULL",
    severity=Severity.ERROR,
    languages=("python", "javascript", "sql"),
    sources=("sqlfluff CV05", "sqlcheck 3002"),
    in_migrations=True,
    examples=[
        Example(
            language="sql",
            bad="""
                SELECT id FROM products WHERE archived_at = NULL AND stock > 0;
                                              ^^^^^^^^^^^^^^^^^^ `= NULL` is never true
            """,
            good="""
                SELECT id FROM products WHERE archived_at IS NULL AND stock > 0;
            """,
        ),
        Example(
            bad="""
                import sqlite3

                connection = sqlite3.connect("shop.db")
                connection.execute("UPDATE products SET stock = 0 WHERE archived_at != NULL")
                                                                        ^^^^^^^^^^^^^^^^^^^ `!= NULL` is never true
                connection.execute("SELECT id FROM products WHERE shop_id = ?", (None,))
                                                                  ^^^^^^^^^^^ this parameter is NULL, so this is never true
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { Pool } = require('pg');
                const pool = new Pool();

                pool.query('SELECT id FROM products p LEFT JOIN shops s ON s.id = p.shop_id AND s.closed = NULL');
                                                                                                ^^^^^^^^^^^^^^^ `= NULL` is never true
            """,
        ),
        Example(
            language="sql",
            good="""
                UPDATE products SET archived_at = NULL WHERE id = 1;
                SELECT id FROM products WHERE archived_at IS NOT DISTINCT FROM NULL;
                INSERT INTO products (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET archived_at = NULL;
            """,
        ),
        Example(
            language="sql",
            dialect="mysql",
            good="""
                SELECT id FROM products WHERE archived_at <=> NULL;
            """,
        ),
        Example(
            good="""
                import sqlite3

                connection = sqlite3.connect("shop.db")

                def move(product, shop=None):
                    connection.execute("UPDATE products SET shop_id = ? WHERE id = ?", (None, product))
                    connection.execute("SELECT id FROM products WHERE shop_id = ?", (shop,))
            """,
        ),
    ],
)
def check(query: Query, ctx: Context) -> Iterator[Finding]:
    yield from _written(query)
    yield from _bound(query, ctx)


def _comparisons(query: Query) -> Iterator[exp.EQ | exp.NEQ]:
    for node in query.all(exp.EQ, exp.NEQ):
        above = node.parent
        while above is not None and not isinstance(above, (*_CONDITIONS, exp.Select, exp.Update)):
            above = above.parent
        if isinstance(above, _CONDITIONS):
            yield node


def _written(query: Query) -> Iterator[Finding]:
    for node in _comparisons(query):
        right = node.expression
        if not isinstance(right, exp.Null) and not isinstance(node.this, exp.Null):
            continue
        fix = None
        extent, left = query.extent(node), query.extent(node.this)
        sign = "=" if isinstance(node, exp.EQ) else "<>"
        if extent and left and isinstance(right, exp.Null):
            between = query.text[left[1] : extent[1]].split()
            sign = between[0] if between[0] in ("=", "<>", "!=", "==") else sign
            asked = " IS NULL" if isinstance(node, exp.EQ) else " IS NOT NULL"
            span = Span(query.host(*left).end, query.place(node).end)
            if not query.home:
                fix = Fix("Ask with IS", (Edit(span, asked),), is_sure=isinstance(node, exp.EQ))
        yield Finding(query.place(node), f"`{sign} NULL` is never true", fix, home=query.home)


def _bound(query: Query, ctx: Context) -> Iterator[Finding]:
    call = query.call
    meaning = ctx.meaning(call, "sql.execute") if call is not None else None
    if call is None or meaning is None:
        return
    given = ctx.slot(call, meaning.entry.values).value
    if not isinstance(given, Collection) or given.spreads:
        return
    if not any(ctx.is_constant(entry.value, None) for entry in given.entries):
        return
    for node in _comparisons(query):
        for side in (node.this, node.expression):
            slot = query.slot(side)
            value = _value(slot, query, given) if isinstance(slot, Placeholder) else None
            if value is not None and ctx.is_constant(value, None):
                related = (Related(value.span, "NULL is given here"),)
                words = "this parameter is NULL, so this is never true"
                yield Finding(query.place(node), words, related=related, home=query.home)


def _value(slot: Placeholder, query: Query, given: Collection) -> Expression | None:
    if given.kind == "map":
        return given.get(slot.name)
    index = int(slot.name) - 1 if slot.name.isdigit() else query.placeholders.index(slot)
    return given.entries[index].value if 0 <= index < len(given.entries) else None
