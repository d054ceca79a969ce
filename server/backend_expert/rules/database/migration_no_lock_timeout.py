"""DDL that waits for its lock makes everybody wait who comes after it.

An ALTER TABLE needs the table for a moment only, but it queues behind the longest transaction that
is open, and every query that comes later queues behind the ALTER: one forgotten report and the
table stands still. With a `lock_timeout` of a few seconds the migration gives up instead, and is
tried again.

Leave it off where the runner, the role (`ALTER ROLE … SET lock_timeout`) or the connection string
sets the timeout already.
"""

from collections.abc import Iterator

from backend_expert.lint import Example, Finding, Fix, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.lint.ddl import Change, migration_of
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span


@rule(
    title="Blocking DDL without lock_timeout",
    severity=Severity.INFORMATION,
    languages=("sql",),
    sources=("squawk require-timeout-settings", "eugene E9", "pgls lockTimeoutWarning"),
    twins=("squawk require-timeout-settings",),
    tags=("migration",),
    in_migrations=True,
    examples=[
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0006_order_currency.sql",
            bad="""
                ALTER TABLE orders ADD COLUMN currency text;
                                   ^^^^^^^^^^^^^^^^^^^^^^^^ may wait for `orders` without end, and all queries behind it
                ALTER TABLE customers ADD COLUMN currency text;
            """,
            good="""
                SET lock_timeout = '5s';

                ALTER TABLE orders ADD COLUMN currency text;
                ALTER TABLE customers ADD COLUMN currency text;
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0007_refunds.sql",
            good="""
                CREATE TABLE refunds (id bigint PRIMARY KEY);
                ALTER TABLE refunds ADD COLUMN note text;
                CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0008_note.sql",
            good="""
                SELECT set_config('lock_timeout', '5s', true);
                ALTER TABLE orders ADD COLUMN note text;
            """,
        ),
        Example(
            language="sql",
            dialect="sqlite",
            path="migrations/0008_note.sql",
            good="""
                ALTER TABLE orders ADD COLUMN note text;
            """,
        ),
    ],
)
def check(file: CodeFile, ctx: None) -> Iterator[Finding]:
    migration = migration_of(file)
    if migration is None or migration.dialect != "postgres":
        return
    change = next(migration.blocking, None)
    if change is None or any("lock_timeout" in i.text.lower() for i in file.items):
        return
    words = f"may wait for `{change.table}` without end, and all queries behind it"
    yield Finding(change.span, words, _fix(change), item=change.item)


def _fix(change: Change) -> Fix | None:
    if change.query is None:
        return None
    start = change.query.span.start
    local = "LOCAL " if change.has("inside") else ""
    edit = Edit(Span(start, start), f"SET {local}lock_timeout = '5s';\n\n")
    return Fix("Give up after 5 seconds", (edit,), is_sure=False)
