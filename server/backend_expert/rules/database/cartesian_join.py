"""Two tables without a condition between them give every row of one with every row of the other.

A thousand customers and a thousand orders make a million rows; sums and counts are wrong long
before the database gives up. Say what links the tables, with JOIN … ON. Where each combination is
wanted, CROSS JOIN says so.

Leave it off where one of the tables is known to hold a single row.
"""

from collections.abc import Iterator

from sqlglot import exp

from backend_expert.facts.query import Query
from backend_expert.lint import Context, Example, Finding, Severity, rule


@rule(
    title="Join without a condition",
    severity=Severity.WARNING,
    languages=("python", "javascript", "sql"),
    sources=("Sonar S5141", "sqlfluff AM08"),
    in_migrations=True,
    examples=[
        Example(
            language="sql",
            bad="""
                SELECT c.name, o.total FROM orders o, customers c WHERE o.status = 'paid';
                                                      ^^^^^^^^^^^ nothing links `customers` to the other tables
            """,
        ),
        Example(
            bad="""
                import psycopg

                def totals(connection: psycopg.Connection):
                    return connection.execute(
                        "SELECT c.name, sum(o.total) FROM orders o, customers c GROUP BY c.name"
                                                                    ^^^^^^^^^^^ nothing links `customers` to the other tables
                    )
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { Pool } = require('pg');
                const pool = new Pool();

                pool.query('SELECT a.id FROM a, b, c WHERE a.id = b.a_id');
                                                   ^ nothing links `c` to the other tables
            """,
        ),
        Example(
            language="sql",
            good="""
                SELECT c.name FROM orders o, customers c WHERE o.customer_id = c.id;
                SELECT c.name FROM orders o CROSS JOIN customers c;
                SELECT o.id FROM orders o, unnest(o.tags) AS tag;
                SELECT o.id FROM orders o, generate_series(1, 3) AS n;
                SELECT o.id FROM orders o, LATERAL (SELECT 1) AS x;
                SELECT o.id FROM orders o NATURAL JOIN customers c;
                SELECT o.id, t.n FROM orders o, (SELECT count(*) AS n FROM customers) AS t;
                WITH t AS (SELECT max(id) AS top FROM orders) SELECT o.id FROM orders o, t;
                SELECT o.id FROM orders o, customers c WHERE customer_id = c.id;
                SELECT o.id FROM orders o, customers c WHERE EXISTS (SELECT 1 FROM l WHERE l.o = o.id AND l.c = c.id);
                SELECT o.id FROM orders o, settings WHERE o.status = 'paid';
            """,
        ),
    ],
)
def check(query: Query, ctx: Context) -> Iterator[Finding]:
    tree = query.expression
    if tree is None or any(s.position != "value" for s in query.slots):
        return
    for select in query.all(exp.Select):
        joins: list[exp.Join] = select.args.get("joins") or []
        yield from _unlinked(select, joins, tree, query)


def _is_bare(join: exp.Join, query: Query) -> bool:
    """A comma or a JOIN without ON; CROSS and NATURAL JOIN say what they mean."""
    if any(join.args.get(part) for part in ("on", "using", "side", "method")):
        return False
    # In SQLite's dialect a comma is read as a CROSS JOIN that nobody wrote.
    return not join.kind or join.kind not in query.text.upper()


def _unlinked(
    select: exp.Select, joins: list[exp.Join], tree: exp.Expr, query: Query
) -> Iterator[Finding]:
    source = select.args.get("from_")
    if source is None:
        return
    relations = [source.this, *(join.this for join in joins)]
    names = [relation.alias_or_name for relation in relations]
    conditions = [join.args["on"] for join in joins if join.args.get("on")]
    where = select.args.get("where")
    if where is not None:
        conditions += _conjuncts(where.this)
    groups = {name: name for name in names}
    for join in joins:
        if not _is_bare(join, query):
            _link(groups, {names[0], join.alias_or_name})
    for condition in conditions:
        columns = list(condition.find_all(exp.Column))
        # A column without its table may belong to any of them.
        if any(not column.table for column in columns):
            return
        _link(groups, {column.table for column in columns})
    home = _group(groups, names[0])
    for relation, name in zip(relations[1:], names[1:], strict=True):
        if _group(groups, name) == home:
            continue
        if _is_many(relation, tree) and _is_many(relations[0], tree):
            words = f"nothing links `{relation.name}` to the other tables"
            yield Finding(query.place(relation), words, home=query.home)
            return


def _conjuncts(condition: exp.Expr) -> list[exp.Expr]:
    return list(condition.flatten()) if isinstance(condition, exp.And) else [condition]


def _group(groups: dict[str, str], name: str) -> str:
    while groups[name] != name:
        name = groups[name]
    return name


def _link(groups: dict[str, str], names: set[str]) -> None:
    found = [_group(groups, name) for name in sorted(names) if name in groups]
    for other in found[1:]:
        groups[other] = found[0]


def _is_many(relation: exp.Expr, tree: exp.Expr) -> bool:
    """Whether a relation is a table that may hold many rows."""
    if not isinstance(relation.this, exp.Identifier):
        return False
    name = relation.name.lower()
    if any(cte.alias.lower() == name for cte in tree.find_all(exp.CTE)):
        return False
    return not any(word in name for word in ("setting", "config", "param", "option", "constant"))
