"""Some ALTER TABLEs make MySQL copy the table, row by row, while writers wait.

InnoDB does most changes in place. Converting the character set, dropping a primary key without
putting another in its place, a foreign key while `foreign_key_checks` is on, a CHECK constraint
and a stored generated column are done by COPY in every version; full-text and spatial indexes
build under a lock that stops writes. Say `ALGORITHM=INPLACE, LOCK=NONE` in the statement: MySQL
then refuses instead of stopping the service, and you know that this one needs gh-ost,
pt-online-schema-change or a maintenance window.

Leave it off where such a tool runs the migrations, or tables are small.
"""

from collections.abc import Iterator

from backend_expert.lint import Example, Finding, Fix, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.lint.ddl import Change, migration_of
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span


@rule(
    title="MySQL copies the table",
    severity=Severity.WARNING,
    languages=("python", "javascript", "sql"),
    sources=("strong_migrations (MySQL checks)",),
    tags=("migration",),
    in_migrations=True,
    examples=[
        Example(
            language="sql",
            dialect="mysql",
            path="migrations/0009_utf8.sql",
            bad="""
                ALTER TABLE orders CONVERT TO CHARACTER SET utf8mb4;
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ copies `orders` while writes wait
            """,
            good="""
                ALTER TABLE orders CONVERT TO CHARACTER SET utf8mb4, ALGORITHM=INPLACE, LOCK=NONE;
            """,
        ),
        Example(
            dialect="mysql",
            path="migrations/versions/3f2a_customer.py",
            bad="""
                from alembic import op

                def upgrade():
                    op.create_foreign_key("orders_customer_fk", "orders", "customers", ["customer_id"], ["id"])
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ copies `orders` while writes wait
            """,
        ),
        Example(
            language="javascript",
            dialect="mysql",
            path="migrations/20260301_search.js",
            bad="""
                exports.up = (knex) => knex.raw('ALTER TABLE products ADD FULLTEXT INDEX search (name)');
                                                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ builds a full-text index on `products` while writes wait
            """,
        ),
        Example(
            language="sql",
            dialect="mysql",
            path="migrations/0010_more.sql",
            good="""
                CREATE TABLE refunds (id bigint PRIMARY KEY, order_id bigint);
                ALTER TABLE refunds ADD CONSTRAINT f FOREIGN KEY (order_id) REFERENCES orders (id);
                ALTER TABLE orders ADD COLUMN note text, ADD INDEX note_idx (status);
                ALTER TABLE orders DROP PRIMARY KEY, ADD PRIMARY KEY (number);
            """,
        ),
        Example(
            language="sql",
            dialect="mysql",
            path="migrations/0011_fk.sql",
            good="""
                SET foreign_key_checks = 0;
                ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (customer_id) REFERENCES customers (id);
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0012_check.sql",
            good="""
                ALTER TABLE orders ADD CONSTRAINT total CHECK (total >= 0) NOT VALID;
            """,
        ),
    ],
)
def check(file: CodeFile, ctx: None) -> Iterator[Finding]:
    migration = migration_of(file)
    if migration is None or migration.dialect != "mysql":
        return
    keys_are_checked = not any("foreign_key_checks" in item.text for item in file.items)
    for change in migration.existing(
        "add-foreign-key", "add-check", "add-column", "modify-column", "drop-constraint",
        "create-index",
    ):  # fmt: skip
        if change.has("algorithm") or change.has("lock"):
            continue
        words = _words(change, keys_are_checked)
        if words:
            fix = _fix(change, file)
            yield Finding(change.span, words, fix, home=change.home, item=change.item)


def _words(change: Change, keys_are_checked: bool) -> str:
    if change.has("fulltext"):
        return f"builds a full-text index on `{change.table}` while writes wait"
    copies = (
        change.has("convert")
        or (change.kind == "add-foreign-key" and keys_are_checked)
        or change.kind == "add-check"
        or (change.kind == "add-column" and change.has("stored"))
        or (change.kind == "drop-constraint" and change.has("primary-key") and change.has("alone"))
    )
    return f"copies `{change.table}` while writes wait" if copies else ""


def _fix(change: Change, file: CodeFile) -> Fix | None:
    if change.query is None or file.family != "sql":
        return None
    end = change.query.span.end
    edit = Edit(Span(end, end), ", ALGORITHM=INPLACE, LOCK=NONE")
    return Fix("Let MySQL refuse to copy", (edit,), is_sure=False)
