"""A default that differs from row to row makes PostgreSQL write the whole table again.

A constant default, `now()` included, is kept once and costs nothing. `gen_random_uuid()`,
`random()`, `clock_timestamp()`, a sequence (`serial`) or a stored generated column must be worked
out for every row: the table and its indexes are rewritten under a lock that stops readers too. Add
the column without a default, set the default for rows to come, and fill the old rows in batches.

Leave it off where the table is known to be small.
"""

import re
from collections.abc import Iterator

from backend_expert.lint import Example, Finding, Fix, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.lint.ddl import Change, migration_of
from backend_expert.text.edit import Edit
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

_VOLATILE = pattern(
    r"(?:^|[^\w.])(?:\w+\s*\.\s*)?("
    r"gen_random_uuid|uuid_generate_v[14]\w*|uuidv[47]|gen_ulid|random\w*|clock_timestamp"
    r"|timeofday|nextval|gen_random_bytes|statement_random"
    r")\s*\(",
    re.IGNORECASE,
)


@rule(
    title="Volatile default rewrites the table",
    severity=Severity.WARNING,
    languages=("python", "javascript", "sql"),
    sources=("squawk adding-field-with-default", "eugene E11", "strong_migrations"),
    tags=("migration",),
    in_migrations=True,
    examples=[
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0007_tracking_code.sql",
            bad="""
                ALTER TABLE orders ADD COLUMN tracking_code uuid DEFAULT gen_random_uuid();
                                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^ `gen_random_uuid` rewrites all of `orders` under an exclusive lock
            """,
            good="""
                ALTER TABLE orders ADD COLUMN tracking_code uuid;
                ALTER TABLE orders ALTER COLUMN tracking_code SET DEFAULT gen_random_uuid();
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0008_number.sql",
            bad="""
                ALTER TABLE orders ADD COLUMN number bigserial, ADD COLUMN note text;
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^ a sequence rewrites all of `orders` under an exclusive lock
            """,
        ),
        Example(
            dialect="postgres",
            path="migrations/versions/3f2a_tracking_code.py",
            bad="""
                import sqlalchemy as sa
                from alembic import op

                def upgrade():
                    op.add_column("orders", sa.Column("code", sa.UUID(), server_default=sa.text("gen_random_uuid()")))
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `gen_random_uuid` rewrites all of `orders` under an exclusive lock
            """,
        ),
        Example(
            language="javascript",
            dialect="postgres",
            path="migrations/20260301_code.js",
            bad="""
                exports.up = (knex) => knex.schema.alterTable('orders', (table) => {
                  table.uuid('code').defaultTo(knex.raw('gen_random_uuid()'));
                  ^^^^^^^^^^^^^^^^^^ `gen_random_uuid` rewrites all of `orders` under an exclusive lock
                });
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0007_seen_at.sql",
            good="""
                ALTER TABLE orders ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now();
                ALTER TABLE orders ADD COLUMN state text DEFAULT 'random()';
                CREATE TABLE codes (order_id bigint PRIMARY KEY);
                ALTER TABLE codes ADD COLUMN code uuid DEFAULT gen_random_uuid();
            """,
        ),
        Example(
            dialect="postgres",
            path="orders/migrations/0004_code.py",
            good="""
                import uuid
                from django.db import migrations, models

                class Migration(migrations.Migration):
                    operations = [
                        migrations.AddField("order", "code", models.UUIDField(default=uuid.uuid4)),
                    ]
            """,
        ),
    ],
)
def check(file: CodeFile, ctx: None) -> Iterator[Finding]:
    migration = migration_of(file)
    if migration is None or migration.dialect != "postgres":
        return
    for change in migration.existing("add-column"):
        cause = _cause(change)
        if cause:
            yield Finding(
                change.place or change.span,
                f"{cause} rewrites all of `{change.table}` under an exclusive lock",
                _fix(change, file),
                home=change.home,
                item=change.item,
            )


def _cause(change: Change) -> str:
    bare = re.sub(r"'[^']*'", "''", change.default)
    found = _VOLATILE.search(bare)
    if found:
        return f"`{found[1]}`"
    if change.has("serial") or (change.has("identity") and change.query is not None):
        return "a sequence"
    return "a stored generated column" if change.has("stored") else ""


def _fix(change: Change, file: CodeFile) -> Fix | None:
    query, place = change.query, change.place
    if query is None or place is None or file.family != "sql":
        return None
    if not change.has("alone") or change.has("not-null"):
        return None
    text = change.item.text
    head = text[query.span.start : change.span.start].rstrip()
    start = place.start - len(text[: place.start]) + len(text[: place.start].rstrip())
    later = f";\n{head} ALTER COLUMN {change.column} SET {text[place.start : place.end]}"
    end = query.span.end
    edits = (Edit(Span(start, place.end), ""), Edit(Span(end, end), later))
    return Fix("Set the default for new rows only", edits, is_sure=False)
