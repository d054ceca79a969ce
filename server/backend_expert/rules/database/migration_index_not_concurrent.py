"""A plain CREATE INDEX keeps everybody from writing to the table until the index is built.

On a table of some size that takes minutes, and meanwhile each insert and update waits, then the
pool is empty, then the service is down. PostgreSQL builds the index beside the traffic with
`CREATE INDEX CONCURRENTLY`, which must run outside a transaction: in a file of its own, with the
runner's transaction switched off (`atomic = False`, `autocommit_block()`,
`exports.config = { transaction: false }`). A build that fails leaves an invalid index behind; drop
it and build again.

Leave it off where tables are small enough, or deploys come with a maintenance window. Parents of
partitioned tables cannot be indexed concurrently: index each partition, then the parent.
"""

from collections.abc import Iterator

from backend_expert.lint import Example, Finding, Fix, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.lint.ddl import Change, migration_of
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span


@rule(
    title="Index built while writers wait",
    severity=Severity.WARNING,
    languages=("python", "javascript", "sql"),
    sources=("squawk require-concurrent-index-creation", "strong_migrations", "eugene E6", "pgls"),
    twins=("squawk require-concurrent-index-creation",),
    tags=("migration",),
    in_migrations=True,
    examples=[
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0005_orders_by_status.sql",
            bad="""
                CREATE INDEX orders_status_idx ON orders (status, placed_at);
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes to `orders` wait while this index is built
            """,
            good="""
                CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status, placed_at);
            """,
        ),
        Example(
            dialect="postgres",
            path="migrations/versions/3f2a_orders_by_status.py",
            bad="""
                from alembic import op

                def upgrade():
                    op.create_index("orders_status_idx", "orders", ["status"])
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes to `orders` wait while this index is built

                def downgrade():
                    op.drop_index("orders_status_idx", "orders")
            """,
        ),
        Example(
            dialect="postgres",
            path="orders/migrations/0004_status.py",
            bad="""
                from django.db import migrations, models

                class Migration(migrations.Migration):
                    operations = [
                        migrations.AddIndex("order", models.Index(fields=["status"], name="order_status")),
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes to `order` wait while this index is built
                    ]
            """,
        ),
        Example(
            language="javascript",
            dialect="postgres",
            path="migrations/20260301_orders_by_status.js",
            bad="""
                exports.up = async (knex) => {
                  await knex.schema.alterTable('orders', (table) => {
                    table.index(['status']);
                    ^^^^^^^^^^^^^^^^^^^^^^^ writes to `orders` wait while this index is built
                  });
                };
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0001_init.sql",
            good="""
                CREATE TABLE orders (id bigint PRIMARY KEY, status text NOT NULL);
                CREATE INDEX orders_status_idx ON orders (status);
                CREATE INDEX events_at_idx ON ONLY events (at);
            """,
        ),
        Example(
            language="sql",
            dialect="mysql",
            path="migrations/0005_orders_by_status.sql",
            good="""
                CREATE INDEX orders_status_idx ON orders (status);
            """,
        ),
        Example(
            dialect="postgres",
            path="orders/migrations/0004_status.py",
            good="""
                from django.contrib.postgres.operations import AddIndexConcurrently
                from django.db import migrations, models

                class Migration(migrations.Migration):
                    atomic = False
                    operations = [
                        AddIndexConcurrently("order", models.Index(fields=["status"], name="order_status")),
                        migrations.SeparateDatabaseAndState(
                            state_operations=[
                                migrations.AddIndex("order", models.Index(fields=["day"], name="order_day")),
                            ],
                        ),
                    ]
            """,
        ),
    ],
)
def check(file: CodeFile, ctx: None) -> Iterator[Finding]:
    migration = migration_of(file)
    if migration is None or migration.dialect != "postgres":
        return
    for change in migration.existing("create-index"):
        if change.has("concurrently") or change.has("only") or change.has("hidden"):
            continue
        yield Finding(
            change.span,
            f"writes to `{change.table}` wait while this index is built",
            _fix(change),
            home=change.home,
            item=change.item,
        )


def _fix(change: Change) -> Fix | None:
    """CONCURRENTLY, where it can be said in SQL and no transaction is known to be open."""
    if change.query is None or change.home or change.has("inside"):
        return None
    at = change.query.keyword("INDEX").end
    return Fix("Build it CONCURRENTLY", (Edit(Span(at, at), " CONCURRENTLY"),), is_sure=False)
