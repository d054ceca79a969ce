"""NOT NULL on a table that has rows fails, or reads them all while everybody waits.

A new column that is NOT NULL and has no default fails as soon as the table holds one row, which it
does in production and not on your machine. Give it a constant default (since PostgreSQL 11 that
costs nothing), or add it nullable, fill it in batches, and forbid NULL afterwards. `SET NOT NULL`
on a column that exists reads the whole table under an exclusive lock, unless a validated
`CHECK (column IS NOT NULL)` proves that there is nothing to find (PostgreSQL 12): add the CHECK as
NOT VALID, validate it in a later statement, set NOT NULL, drop the CHECK.

Leave it off where the table is known to be empty or small.
"""

from collections.abc import Iterator

from backend_expert.lint import Example, Finding, Fix, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.lint.ddl import Change, Migration, migration_of
from backend_expert.text.edit import Edit


@rule(
    title="NOT NULL on a table that has rows",
    severity=Severity.WARNING,
    languages=("python", "javascript", "sql"),
    sources=(
        "squawk adding-required-field",
        "squawk adding-not-nullable-field",
        "eugene E2",
        "strong_migrations",
        "django-migration-linter NOT_NULL",
    ),
    tags=("migration",),
    in_migrations=True,
    examples=[
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0006_order_currency.sql",
            bad="""
                ALTER TABLE orders ADD COLUMN currency text NOT NULL;
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ NOT NULL without a default fails once `orders` has rows
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0007_currency.sql",
            bad="""
                ALTER TABLE orders ALTER COLUMN currency SET NOT NULL;
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads all of `orders` under an exclusive lock
            """,
            good="""
                ALTER TABLE orders ADD CONSTRAINT orders_currency_set CHECK (currency IS NOT NULL) NOT VALID;
                ALTER TABLE orders VALIDATE CONSTRAINT orders_currency_set;
                ALTER TABLE orders ALTER COLUMN currency SET NOT NULL;
                ALTER TABLE orders DROP CONSTRAINT orders_currency_set;
            """,
        ),
        Example(
            dialect="postgres",
            path="migrations/versions/3f2a_currency.py",
            bad="""
                import sqlalchemy as sa
                from alembic import op

                def upgrade():
                    op.add_column("orders", sa.Column("currency", sa.Text(), nullable=False))
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ NOT NULL without a default fails once `orders` has rows
                    op.alter_column("orders", "status", nullable=False)
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads all of `orders` under an exclusive lock
            """,
        ),
        Example(
            language="javascript",
            dialect="postgres",
            path="migrations/20260301_currency.js",
            bad="""
                exports.up = (knex) => knex.schema.alterTable('orders', (table) => {
                  table.string('currency').notNullable();
                  ^^^^^^^^^^^^^^^^^^^^^^^^ NOT NULL without a default fails once `orders` has rows
                });
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0006_order_currency.sql",
            good="""
                CREATE TABLE payments (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
                ALTER TABLE payments ADD COLUMN amount numeric(10, 2) NOT NULL;
                ALTER TABLE orders ADD COLUMN currency text NOT NULL DEFAULT 'EUR';
                ALTER TABLE orders ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;
                TRUNCATE carts;
                ALTER TABLE carts ADD COLUMN currency text NOT NULL;
            """,
        ),
        Example(
            dialect="postgres",
            path="orders/migrations/0004_currency.py",
            good="""
                from django.db import migrations, models

                class Migration(migrations.Migration):
                    operations = [
                        migrations.AddField(
                            "order", "currency", models.CharField(max_length=3, default="EUR"), preserve_default=False
                        ),
                        migrations.AddField("order", "note", models.TextField(blank=True)),
                        migrations.AddField("order", "tags", models.ManyToManyField(to="orders.tag")),
                    ]
            """,
        ),
        Example(
            dialect="postgres",
            path="orders/migrations/0002_initial.py",
            good="""
                from django.db import migrations, models

                class Migration(migrations.Migration):
                    initial = True
                    operations = [
                        migrations.AddField("order", "customer", models.ForeignKey("shop.customer", models.CASCADE)),
                    ]
            """,
        ),
        Example(
            language="sql",
            dialect="mysql",
            path="migrations/0006_order_currency.sql",
            good="""
                ALTER TABLE orders ADD COLUMN currency char(3) NOT NULL;
            """,
        ),
    ],
)
def check(file: CodeFile, ctx: None) -> Iterator[Finding]:
    migration = migration_of(file)
    if migration is None or migration.dialect not in ("postgres", "sqlite"):
        return
    for change in migration.existing("add-column"):
        filled = ("default", "generated", "identity", "primary-key", "hidden")
        if not change.has("not-null") or any(map(change.has, filled)):
            continue
        if not _is_emptied(change, migration):
            words = f"NOT NULL without a default fails once `{change.table}` has rows"
            yield Finding(change.span, words, home=change.home, item=change.item)
    if migration.dialect != "postgres":
        return
    for change in migration.existing("set-not-null"):
        if not _is_proven(change, migration):
            words = f"reads all of `{change.table}` under an exclusive lock"
            fix = _fix(change, file)
            yield Finding(change.span, words, fix, home=change.home, item=change.item)


def _is_emptied(change: Change, migration: Migration) -> bool:
    for other in migration.changes:
        if other is change:
            return False
        text = other.query.text.upper().split() if other.query is not None else []
        if text[:1] == ["TRUNCATE"] and change.table in " ".join(text).lower():
            return True
        if text[:1] == ["DELETE"] and "WHERE" not in text and other.table == change.table:
            return True
    return False


def _is_proven(change: Change, migration: Migration) -> bool:
    """Whether a CHECK that is validated, or taken away again, tells that no NULL is there."""
    return any(
        other.table == change.table and other.kind in ("validate", "drop-constraint")
        for other in migration.changes
    )


def _fix(change: Change, file: CodeFile) -> Fix | None:
    query = change.query
    if query is None or file.family != "sql" or not change.has("alone"):
        return None
    head = change.item.text[query.span.start : change.span.start].rstrip()
    name = f"{change.table}_{change.column}_set"
    steps = (
        f"{head} ADD CONSTRAINT {name} CHECK ({change.column} IS NOT NULL) NOT VALID",
        f"{head} VALIDATE CONSTRAINT {name}",
        change.item.text[query.span.start : query.span.end],
        f"{head} DROP CONSTRAINT {name}",
    )
    edit = Edit(query.span, ";\n".join(steps))
    return Fix("Prove it with a CHECK first", (edit,), is_sure=False)
