"""A 32-bit key ends at 2,147,483,647, and each failed insert and each upsert uses up a number too.

Then every insert into the table fails, and so does every table that refers to it. Making the key
wider later rewrites the table and all that point to it; making it `bigint` now costs four bytes a
row, often none at all because of alignment.

Leave it off for tables that cannot grow: kinds, countries, settings.
"""

import re
from collections.abc import Iterator

from sqlglot import exp

from backend_expert.facts.query import Query
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.ddl.columns import declared, has
from backend_expert.text.edit import Edit
from backend_expert.text.pattern import pattern

_SMALL = pattern(
    r"(?:^|_)(?:type|kind|status|state|categor(?:y|ie)|countr(?:y|ie)|currenc(?:y|ie)|language"
    r"|locale|role|permission|setting|config|option|lookup|enum|plan|tier|unit|migration|version"
    r"|region|feature|flag|tag|label|tenant|shop|store|warehouse|team|group)(?:e?s)?$"
)
_TYPE = pattern(r"\b(?:integer|int4|int|serial4|serial|mediumint)\b(?:\s*\(\s*\d+\s*\))?", re.I)
_GROWS = (exp.DType.TIMESTAMP, exp.DType.TIMESTAMPTZ, exp.DType.DATETIME, exp.DType.DATE)
_NARROW = (exp.DType.INT, exp.DType.SERIAL, exp.DType.MEDIUMINT)
_COUNTED = (exp.GeneratedAsIdentityColumnConstraint, exp.AutoIncrementColumnConstraint)
_IN_SQLITE = pattern(r"\bautoincrement\b", re.IGNORECASE)
# What there is a row of for each thing that happens, so that two thousand million can be reached.
_GROWING = pattern(
    r"review|comment|order|message|event|log|notification|payment|transaction|post|follow|like|visit"
    r"|view|session|audit|histor|entr|deliver|attempt|invoice|activit|record|reading|measure|mail"
    r"|ticket|vote|booking|article|photo|image|item|rating|metric|upload|result|submission|feed|file"
    r"|job|click|request|action|change|version|line|point|sample|trace|location|position|tag|note|refund|charge",
    re.IGNORECASE,
)


@rule(
    title="32-bit key in a growing table",
    severity=Severity.INFORMATION,
    languages=("python", "javascript", "sql"),
    sources=("squawk prefer-bigint-over-int", "squawk prefer-identity", "pgls preferBigInt"),
    in_migrations=True,
    examples=[
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0002_payments.sql",
            bad="""
                CREATE TABLE payments (
                    id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                                ^^^^^^^ `payments` is full at 2,147,483,647 rows ever inserted
                    received_at timestamptz NOT NULL
                );
            """,
            good="""
                CREATE TABLE payments (
                    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    received_at timestamptz NOT NULL
                );
            """,
        ),
        Example(
            dialect="postgres",
            bad="""
                import psycopg

                def prepare(connection: psycopg.Connection):
                    connection.execute("CREATE TABLE events (id serial PRIMARY KEY, at timestamptz)")
                                                                ^^^^^^ `events` is full at 2,147,483,647 rows ever inserted
            """,
        ),
        Example(
            language="javascript",
            dialect="mysql",
            bad="""
                const mysql = require('mysql2');
                const connection = mysql.createConnection({});

                connection.query('CREATE TABLE events (id int AUTO_INCREMENT PRIMARY KEY, at datetime)');
                                                          ^^^ `events` is full at 2,147,483,647 rows ever inserted
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            good="""
                CREATE TABLE countries (id serial PRIMARY KEY, created_at timestamptz);
                CREATE TABLE colours (id serial PRIMARY KEY, name text);
                CREATE TABLE order_items (order_id int, item_id int, at timestamptz, PRIMARY KEY (order_id, item_id));
                CREATE TABLE years (year int PRIMARY KEY, closed_at timestamptz);
            """,
        ),
        Example(
            language="sql",
            dialect="mysql",
            good="""
                CREATE TABLE events (id integer not null PRIMARY KEY autoincrement, at datetime);
            """,
        ),
        Example(
            language="sql",
            dialect="sqlite",
            good="""
                CREATE TABLE events (id integer PRIMARY KEY AUTOINCREMENT, at timestamp);
            """,
        ),
    ],
)
def check(query: Query, ctx: Context) -> Iterator[Finding]:
    tree = query.expression
    if ctx.file.dialect not in ("postgres", "mysql") or not isinstance(tree, exp.Create):
        return
    if _IN_SQLITE.search(query.text):
        return  # whose row ids are 64 bits wide
    columns = list(declared(query))
    if not any(_tells_growth(column) for _, column in columns):
        return
    keys = {key.name.lower() for pk in tree.find_all(exp.PrimaryKey) for key in pk.expressions}
    for table, column in columns:
        kind = column.args.get("kind")
        if not isinstance(kind, exp.DataType) or kind.this not in _NARROW or _SMALL.search(table):
            continue
        if not _GROWING.search(table):
            continue
        is_key = has(column, exp.PrimaryKeyColumnConstraint) or keys == {column.name.lower()}
        if not is_key or not (kind.this == exp.DType.SERIAL or has(column, *_COUNTED)):
            continue
        extent = query.extent(column)
        found = _TYPE.search(query.text, extent[0] + len(column.name)) if extent else None
        if extent is None or found is None or found.start() >= extent[1]:
            continue
        span = query.host(*found.span())
        wide = "bigserial" if kind.this == exp.DType.SERIAL else "bigint"
        fix = None if query.home else Fix("Make it 64 bits", (Edit(span, wide),), is_sure=False)
        words = f"`{table}` is full at 2,147,483,647 rows ever inserted"
        yield Finding(span, words, fix, home=query.home)


def _tells_growth(column: exp.ColumnDef) -> bool:
    """Whether a column tells of events: a time, or a row that this one belongs to."""
    kind = column.args.get("kind")
    return (isinstance(kind, exp.DataType) and kind.this in _GROWS) or has(column, exp.Reference)
