"""CONCURRENTLY cannot run inside a transaction, and most runners open one around each migration.

PostgreSQL refuses with "CREATE INDEX CONCURRENTLY cannot run inside a transaction block", so the
deploy stops at this migration. Put the statement in a migration of its own and tell the runner to
open no transaction for it: `atomic = False` in Django, `with op.get_context().autocommit_block():`
in Alembic, `exports.config = { transaction: false }` in Knex, `transaction = false` in TypeORM,
`-- +goose NO TRANSACTION`, `-- migrate:up transaction:false` in dbmate.

Leave it off where the runner's own configuration switches the transaction off for all migrations.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Class, walk
from backend_expert.lint import Example, Finding, Fix, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.lint.ddl import Change, migration_of
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span


@rule(
    title="CONCURRENTLY inside a transaction",
    severity=Severity.ERROR,
    languages=("python", "javascript", "sql"),
    sources=("squawk ban-concurrent-index-creation-in-transaction",),
    tags=("migration",),
    in_migrations=True,
    examples=[
        Example(
            path="orders/migrations/0004_status.py",
            bad="""
                from django.contrib.postgres.operations import AddIndexConcurrently
                from django.db import migrations, models

                class Migration(migrations.Migration):
                    dependencies = [("orders", "0003_total")]
                    operations = [
                        AddIndexConcurrently("order", models.Index(fields=["status"], name="order_status")),
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ CONCURRENTLY fails in the transaction around this migration
                    ]
            """,
            good="""
                from django.contrib.postgres.operations import AddIndexConcurrently
                from django.db import migrations, models

                class Migration(migrations.Migration):
                    atomic = False

                    dependencies = [("orders", "0003_total")]
                    operations = [
                        AddIndexConcurrently("order", models.Index(fields=["status"], name="order_status")),
                    ]
            """,
        ),
        Example(
            path="migrations/versions/3f2a_orders_by_status.py",
            bad="""
                from alembic import op

                def upgrade():
                    op.execute("CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status)")
                                             ^^^^^^^^^^^^ CONCURRENTLY fails in the transaction around this migration
            """,
        ),
        Example(
            language="javascript",
            path="migrations/20260301_orders_by_status.js",
            bad="""
                exports.up = (knex) =>
                  knex.raw('CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status)');
                                         ^^^^^^^^^^^^ CONCURRENTLY fails in the transaction around this migration
            """,
        ),
        Example(
            language="sql",
            path="migrations/0005_orders_by_status.sql",
            bad="""
                BEGIN;
                CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);
                             ^^^^^^^^^^^^ CONCURRENTLY fails in the transaction around this migration
                COMMIT;
            """,
        ),
        Example(
            language="sql",
            path="migrations/0005_orders_by_status.sql",
            good="""
                CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);
            """,
        ),
        Example(
            language="sql",
            path="db/migrations/20260301_orders_by_status.sql",
            good="""
                -- migrate:up transaction:false
                CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status);

                -- migrate:down transaction:false
                DROP INDEX CONCURRENTLY orders_status_idx;
            """,
        ),
        Example(
            path="migrations/versions/3f2a_orders_by_status.py",
            good="""
                from alembic import op

                def upgrade():
                    with op.get_context().autocommit_block():
                        op.create_index(
                            "orders_status_idx", "orders", ["status"], postgresql_concurrently=True
                        )
            """,
        ),
        Example(
            language="javascript",
            path="migrations/20260301_orders_by_status.js",
            good="""
                exports.config = { transaction: false };
                exports.up = (knex) =>
                  knex.raw('CREATE INDEX CONCURRENTLY orders_status_idx ON orders (status)');
            """,
        ),
    ],
)
def check(file: CodeFile, ctx: None) -> Iterator[Finding]:
    migration = migration_of(file)
    if migration is None:
        return
    for change in migration.changes:
        if change.has("concurrently") and change.has("inside"):
            query = change.query
            span = query.keyword("CONCURRENTLY") if query is not None else change.span
            yield Finding(
                span,
                "CONCURRENTLY fails in the transaction around this migration",
                _fix(change),
                home=change.home,
                item=change.item,
            )


def _fix(change: Change) -> Fix | None:
    """A migration that is a class is told by an attribute of it; the other ways move code."""
    if change.call is None or change.home:
        return None
    for statement in change.item.body:
        for node in walk(statement):
            if not isinstance(node, Class) or not node.bases or not node.body:
                continue
            if node.span.covers(change.call.span):
                start = node.body[0].span.start
                edit = Edit(Span(start, start), f"atomic = False\n\n{' ' * 4}")
                return Fix("Run this migration outside a transaction", (edit,))
    return None
