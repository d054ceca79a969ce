"""Migrations as rules see them: the same changes, whoever wrote them."""

import pytest
from backend_expert.lint.checked import Checked, Scope
from backend_expert.lint.ddl import Migration, migration_of
from backend_expert.lint.run import RuleSet
from backend_expert.lint.settings import Settings
from backend_expert.workspace.document import Document


def migration(path: str, language: str, text: str) -> Migration:
    document = Document.open(f"file:///{path}", text, path=f"/{path}", language=language)
    found = migration_of(
        Checked(document, path, Scope(RuleSet([]), Settings(dialect="postgres"))).file
    )
    assert found is not None
    return found


ALEMBIC = """
import sqlalchemy as sa
from alembic import op

def upgrade():
    op.create_table("notes", sa.Column("id", sa.Integer()))
    op.add_column("orders", sa.Column("code", sa.Text(), nullable=False))
    op.create_index("i", "orders", ["code"])

def downgrade():
    op.drop_column("orders", "code")
"""
DJANGO = """
from django.db import migrations, models

class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel("Notes", fields=[("id", models.AutoField())]),
        migrations.AddField("orders", "code", models.TextField()),
        migrations.AddIndex("orders", models.Index(fields=["code"], name="i")),
    ]
"""
KNEX = """
exports.up = async (knex) => {
  await knex.schema.createTable('notes', (table) => { table.increments('id'); });
  await knex.schema.alterTable('orders', (table) => {
    table.string('code').notNullable();
    table.index(['code']);
  });
};
exports.down = (knex) => knex.schema.dropTable('notes');
"""
SQL = """
-- migrate:up
CREATE TABLE IF NOT EXISTS public.notes (id int);
ALTER TABLE ONLY "orders" ADD COLUMN code text NOT NULL;
CREATE INDEX i ON orders USING btree (code);
-- migrate:down
DROP TABLE notes;
"""


@pytest.mark.parametrize(
    ("path", "language", "text"),
    [
        ("migrations/versions/1.py", "python", ALEMBIC),
        ("shop/migrations/0002.py", "python", DJANGO),
        ("migrations/2.js", "javascript", KNEX),
        ("db/migrations/2.sql", "sql", SQL),
    ],
)
def test_every_writer_gives_the_same_changes(path: str, language: str, text: str) -> None:
    found = migration(path, language, text)
    assert found.created == {"notes"}
    told = [(c.kind, c.table, c.column) for c in found.existing("add-column", "create-index")]
    assert told == [("add-column", "orders", "code"), ("create-index", "orders", "")]
    added = next(found.existing("add-column"))
    assert added.has("not-null")
    assert not added.has("default")
    assert not any(c.kind in ("drop-table", "drop-column") for c in found.changes)


def test_each_action_of_an_alter_table_stands_at_its_place() -> None:
    text = (
        "ALTER TABLE t ADD a numeric(10, 2) DEFAULT (1 + 2) NOT NULL,"
        " ADD CONSTRAINT c CHECK (a > 0) NOT VALID, ALTER b SET NOT NULL;\n"
    )
    found = migration("migrations/3.sql", "sql", text)
    told = [(c.kind, text[c.span.start : c.span.end]) for c in found.changes]
    assert told == [
        ("add-column", "ADD a numeric(10, 2) DEFAULT (1 + 2) NOT NULL"),
        ("add-check", "ADD CONSTRAINT c CHECK (a > 0) NOT VALID"),
        ("set-not-null", "ALTER b SET NOT NULL"),
    ]
    first, check, _ = found.changes
    assert first.traits == {"not-null", "default"}
    assert first.place is not None
    assert text[first.place.start : first.place.end] == "DEFAULT (1 + 2)"
    assert check.has("not-valid")


def test_an_empty_or_broken_file_has_no_changes() -> None:
    for text in (
        "",
        "ALTER TABLE",
        "ALTER TABLE t ADD",
        "CREATE INDEX ON",
        "SET",
        "ALTER TABLE t ADD COLUMN",
    ):
        path = "migrations/4.sql"
        document = Document.open(f"file:///{path}", text, path=f"/{path}", language="sql")
        found = migration_of(Checked(document, path, Scope(RuleSet([]))).file)
        assert found is None or not list(found.existing("add-column"))
