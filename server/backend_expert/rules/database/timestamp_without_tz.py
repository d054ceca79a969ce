"""A `timestamp` in PostgreSQL is what a clock on the wall shows, and not a moment.

The zone of whoever writes is thrown away: what one session stores as noon another reads as noon of
its own. `timestamptz` takes the same eight bytes, keeps the moment, and shows it in the zone of
whoever reads.

Leave it off for times that belong to a place (opening hours, birthdays), or where all of a project
writes and reads UTC.
"""

import re
from collections.abc import Iterator

from sqlglot import exp

from backend_expert.facts.query import Query
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.ddl.columns import declared
from backend_expert.text.edit import Edit
from backend_expert.text.pattern import pattern

_INSTANT = pattern(r"(?:_at|_on|_?time|_?timestamp|_date|_since|_until)$|^(?:created|updated|"
                      r"deleted|modified|inserted|expires?)$")  # fmt: skip
_CIVIL = pattern(r"local|open|clos|birth|wall|civil|naive|utc|schedule|slot|holiday")
_TYPE = pattern(r"timestamp(?P<size>\s*\(\s*\d\s*\))?(?:\s+without\s+time\s+zone)?", re.IGNORECASE)


# The folder that Prisma makes for each migration: its time in 14 digits, and a name.
_OF_PRISMA = pattern(r"prisma/migrations/|(^|/)\d{14}_[^/]+/migration\.sql$")


@rule(
    title="Timestamp without time zone",
    severity=Severity.INFORMATION,
    languages=("python", "javascript", "sql"),
    sources=("squawk prefer-timestamptz", "pgls preferTimestamptz", "PostgreSQL wiki"),
    twins=("squawk prefer-timestamptz",),
    in_migrations=True,
    examples=[
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0002_payments.sql",
            bad="""
                CREATE TABLE payments (
                    id          bigint PRIMARY KEY,
                    received_at timestamp(3) NOT NULL,
                                ^^^^^^^^^^^^ `received_at` loses its time zone
                    booked_at   timestamptz NOT NULL
                );
            """,
            good="""
                CREATE TABLE payments (
                    id          bigint PRIMARY KEY,
                    received_at timestamptz(3) NOT NULL,
                    booked_at   timestamptz NOT NULL
                );
            """,
        ),
        Example(
            dialect="postgres",
            bad="""
                import psycopg

                def prepare(connection: psycopg.Connection):
                    connection.execute("ALTER TABLE payments ADD COLUMN received_at timestamp")
                                                                                    ^^^^^^^^^ `received_at` loses its time zone
            """,
        ),
        Example(
            language="javascript",
            dialect="postgres",
            bad="""
                const { Pool } = require('pg');
                const pool = new Pool();

                pool.query('CREATE TABLE jobs (id bigint PRIMARY KEY, run_at timestamp without time zone)');
                                                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^ `run_at` loses its time zone
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            good="""
                CREATE TABLE shops (
                    id         bigint PRIMARY KEY,
                    opening_at timestamp,
                    local_time timestamp,
                    created_at timestamp with time zone
                );
            """,
        ),
        Example(
            language="sql",
            dialect="mysql",
            good="""
                CREATE TABLE shops (id bigint PRIMARY KEY, created_at timestamp NOT NULL);
            """,
        ),
    ],
)
def check(query: Query, ctx: Context) -> Iterator[Finding]:
    if ctx.file.dialect != "postgres" or "TIMESTAMP" not in query.text.upper():
        return
    if _OF_PRISMA.search(ctx.file.path):
        return  # Prisma writes and reads UTC, whatever the session's zone
    for _, column in declared(query):
        name = column.name.lower()
        kind = column.args.get("kind")
        if not isinstance(kind, exp.DataType) or kind.this != exp.DType.TIMESTAMP:
            continue
        extent = query.extent(column)
        if extent is None or not _INSTANT.search(name) or _CIVIL.search(name):
            continue
        found = _TYPE.search(query.text, extent[0] + len(name))
        if found is None or found.start() >= extent[1] or found[0].lower() == name:
            continue
        span = query.host(*found.span())
        edit = Edit(span, f"timestamptz{found['size'] or ''}")
        fix = None if query.home else Fix("Keep the moment", (edit,), is_sure=False)
        yield Finding(span, f"`{column.name}` loses its time zone", fix, home=query.home)
