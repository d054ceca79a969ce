"""A new constraint reads every row of its table before the lock that it holds is let go.

`ADD CONSTRAINT … FOREIGN KEY` stops writes to both tables while it looks, a CHECK stops reads too,
and UNIQUE builds its index under the same lock. In PostgreSQL each goes in two steps: add the
constraint as `NOT VALID` (new rows are checked at once), then `VALIDATE CONSTRAINT` in a later
migration, which lets reads and writes pass. For UNIQUE build the index CONCURRENTLY and give it to
the constraint with `USING INDEX`.

Leave it off where tables are small, or deploys come with a maintenance window.
"""

from collections.abc import Iterator

from backend_expert.lint import Example, Finding, Fix, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.lint.ddl import Change, migration_of
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span

_WAITS = {
    "add-foreign-key": "checks every row of `{}` while writes wait",
    "add-check": "checks every row of `{}` while reads and writes wait",
    "add-unique": "builds an index on `{}` while reads and writes wait",
}


@rule(
    title="Constraint validated under its lock",
    severity=Severity.WARNING,
    languages=("python", "javascript", "sql"),
    sources=(
        "squawk constraint-missing-not-valid",
        "squawk disallowed-unique-constraint",
        "eugene E1",
        "eugene E4",
        "strong_migrations",
    ),
    tags=("migration",),
    in_migrations=True,
    examples=[
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0008_orders_customer.sql",
            bad="""
                ALTER TABLE orders ADD CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id);
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ checks every row of `orders` while writes wait
            """,
            good="""
                ALTER TABLE orders ADD CONSTRAINT orders_customer_fk FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;
                ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_fk;
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0009_orders_number.sql",
            bad="""
                ALTER TABLE orders ADD CONSTRAINT orders_number UNIQUE (number);
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ builds an index on `orders` while reads and writes wait
            """,
        ),
        Example(
            dialect="postgres",
            path="migrations/versions/3f2a_orders_customer.py",
            bad="""
                from alembic import op

                def upgrade():
                    op.create_foreign_key("orders_customer_fk", "orders", "customers", ["customer_id"], ["id"])
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ checks every row of `orders` while writes wait
            """,
        ),
        Example(
            dialect="postgres",
            path="orders/migrations/0004_total.py",
            bad="""
                from django.db import migrations, models

                class Migration(migrations.Migration):
                    operations = [
                        migrations.AddConstraint(
                        ^^^^^^^^^^^^^^^^^^^^^^^^^ checks every row of `order` while reads and writes wait
                            "order", models.CheckConstraint(check=models.Q(total__gte=0), name="total_gte_0")
                        ),
                    ]
            """,
        ),
        Example(
            language="javascript",
            dialect="postgres",
            path="migrations/20260301_orders_customer.js",
            bad="""
                exports.up = (knex) => knex.schema.alterTable('orders', (table) => {
                  table.foreign('customer_id').references('customers.id');
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ checks every row of `orders` while writes wait
                });
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0010_refunds.sql",
            good="""
                CREATE TABLE refunds (id bigint PRIMARY KEY, order_id bigint NOT NULL);
                ALTER TABLE refunds ADD CONSTRAINT refunds_order_fk FOREIGN KEY (order_id) REFERENCES orders (id);
                ALTER TABLE orders ADD CONSTRAINT orders_number UNIQUE USING INDEX orders_number_idx;
                ALTER TABLE orders ADD CONSTRAINT total CHECK (total >= 0) NOT VALID;
                ALTER TABLE orders ADD COLUMN coupon_id bigint REFERENCES coupons (id);
            """,
        ),
        Example(
            language="sql",
            dialect="mysql",
            path="migrations/0009_orders_number.sql",
            good="""
                ALTER TABLE orders ADD CONSTRAINT orders_number UNIQUE (number);
            """,
        ),
    ],
)
def check(file: CodeFile, ctx: None) -> Iterator[Finding]:
    migration = migration_of(file)
    if migration is None or migration.dialect != "postgres":
        return
    told: set[str] = set()
    for change in migration.existing(*_WAITS):
        if any(map(change.has, ("not-valid", "using-index", "hidden"))) or change.table in told:
            continue
        told.add(change.table)  # Once is enough for each table of a migration.
        words = _WAITS[change.kind].format(change.table)
        yield Finding(change.span, words, _fix(change, file), home=change.home, item=change.item)


def _fix(change: Change, file: CodeFile) -> Fix | None:
    query = change.query
    if query is None or file.family != "sql" or change.kind == "add-unique":
        return None
    if not change.name or not change.has("alone"):
        return None
    head = change.item.text[query.span.start : change.span.start].rstrip()
    end = change.span.end
    steps = f" NOT VALID;\n{head} VALIDATE CONSTRAINT {change.name}"
    edits = (Edit(Span(end, end), steps),)
    return Fix("Add it NOT VALID, then validate", edits, is_sure=False)
