"""Data of a whole table is changed in the migration that also changes its shape.

An UPDATE of every row takes minutes on a table of some size. In the transaction of an ALTER TABLE
it runs while the exclusive lock is held, so readers wait for all of it; and one long transaction
keeps VACUUM away and doubles the table. Change the shape in one migration, fill the column in
batches outside a transaction in another (or in a job), add the constraints in a third.

Leave it off where the table is known to be small.
"""

from collections.abc import Iterator

from sqlglot import exp

from backend_expert.facts.code import Assign, Call, Function, Loop, Member, Name, Text, walk
from backend_expert.lint import Example, Finding, Related, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.lint.ddl import Change, migration_of
from backend_expert.text.pattern import pattern

_SMALL = pattern(r"settings?$|config(?:uration)?s?$|version$")
_SAVES = frozenset(("save", "update", "bulk_update", "delete", "update_or_create"))


@rule(
    title="Whole table filled beside DDL",
    severity=Severity.WARNING,
    languages=("python", "javascript", "sql"),
    sources=("strong_migrations backfilling data", "eugene E4", "django-migration-linter"),
    tags=("migration",),
    in_migrations=True,
    examples=[
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0006_order_currency.sql",
            bad="""
                ALTER TABLE orders ADD COLUMN currency text;
                UPDATE orders SET currency = 'EUR';
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ changes `orders` in bulk in the migration that locks it
            """,
        ),
        Example(
            path="migrations/versions/3f2a_currency.py",
            bad="""
                import sqlalchemy as sa
                from alembic import op

                def upgrade():
                    op.add_column("orders", sa.Column("currency", sa.Text()))
                    op.execute("UPDATE orders SET currency = 'EUR' WHERE currency IS NULL")
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ changes `orders` in bulk in the migration that locks it
            """,
        ),
        Example(
            path="orders/migrations/0004_currency.py",
            bad="""
                from django.db import migrations, models

                def fill(apps, schema_editor):
                    for order in apps.get_model("orders", "Order").objects.all():
                        order.currency = order.shop.currency
                        order.save()

                class Migration(migrations.Migration):
                    operations = [
                        migrations.AddField("order", "currency", models.CharField(max_length=3, null=True)),
                        migrations.RunPython(fill, migrations.RunPython.noop),
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `fill` changes `order` in bulk in the migration that locks it
                    ]
            """,
        ),
        Example(
            language="javascript",
            path="migrations/20260301_currency.js",
            bad="""
                exports.up = async (knex) => {
                  await knex.schema.alterTable('orders', (table) => table.string('currency'));
                  await knex.raw("UPDATE orders SET currency = 'EUR'");
                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ changes `orders` in bulk in the migration that locks it
                };
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0006_order_currency.sql",
            good="""
                ALTER TABLE orders ADD COLUMN currency text;
                UPDATE settings SET value = '6' WHERE name = 'version';
                UPDATE orders SET currency = 'EUR' WHERE id IN (1, 2, 3);
                CREATE TABLE labels (id bigint PRIMARY KEY, name text);
                UPDATE labels SET name = 'x';
            """,
        ),
        Example(
            path="orders/migrations/0005_rename.py",
            good="""
                from django.db import migrations, models

                def rename(apps, schema_editor):
                    ContentType = apps.get_model("contenttypes", "ContentType")
                    ContentType.objects.filter(app_label="shop").update(app_label="orders")

                class Migration(migrations.Migration):
                    operations = [
                        migrations.AddField("order", "note", models.TextField(null=True)),
                        migrations.RunPython(rename, migrations.RunPython.noop),
                    ]
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0007_fill_currency.sql",
            good="""
                UPDATE orders SET currency = 'EUR' WHERE currency IS NULL;
            """,
        ),
        Example(
            path="orders/migrations/0004_currency.py",
            good="""
                from django.db import migrations, models

                def fill(apps, schema_editor):
                    apps.get_model("orders", "Label").objects.create(name="new")

                class Migration(migrations.Migration):
                    operations = [
                        migrations.CreateModel("Label", fields=[("name", models.TextField())]),
                        migrations.AddField("order", "currency", models.CharField(max_length=3, null=True)),
                        migrations.RunPython(fill, migrations.RunPython.noop),
                    ]
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            path="db/migrations-sqlite/012_config.sql",
            good="""
                ALTER TABLE orders ADD COLUMN config TEXT;
                UPDATE orders SET config = old_config;
            """,
        ),
    ],
)
def check(file: CodeFile, ctx: None) -> Iterator[Finding]:
    migration = migration_of(file)
    if migration is None or "sqlite" in f"{migration.dialect} {file.path.lower()}":
        return  # SQLite has one writer at a time anyway
    blocking = list(migration.blocking)
    if not blocking:
        return
    locked = {change.table for change in blocking if not _SMALL.search(change.table)}
    for change in migration.existing("write"):
        if change.has("outside") or change.table not in locked or not _is_whole(change):
            continue
        cause = next(other for other in blocking if other.table == change.table)
        words = f"changes `{change.table}` in bulk in the migration that locks it"
        yield _finding(change, words, cause)
    for change in migration.changes:
        if change.kind == "code" and not change.has("outside"):
            model = _filled(change.name, locked, file)
            if model:
                cause = next(other for other in blocking if other.table == model)
                words = f"`{change.name}` changes `{model}` in bulk in the migration that locks it"
                yield _finding(change, words, cause)


def _finding(change: Change, words: str, cause: Change) -> Finding:
    related: tuple[Related, ...] = ()
    if cause.item is change.item and cause.home == change.home:
        related = (Related(cause.span, "the lock is taken here"),)
    return Finding(change.span, words, related=related, home=change.home, item=change.item)


def _is_whole(change: Change) -> bool:
    """Whether a write is not held to a few rows: no WHERE, or one that asks for NULL only."""
    tree = change.query.expression if change.query is not None else None
    if not isinstance(tree, (exp.Update, exp.Delete)) or tree.args.get("limit"):
        return False
    where = tree.args.get("where")
    if where is None:
        return True
    asked = where.this.flatten() if isinstance(where.this, exp.And) else [where.this]
    return all(isinstance(node, exp.Is) for node in asked)


def _filled(name: str, locked: set[str], file: CodeFile) -> str:
    """The locked model whose rows a function of this file changes, in a loop or all at once."""
    binding = file.flow.outline.names.get(name)
    if binding is None or not isinstance(binding.node, Function):
        return ""
    models = _models(binding.node)
    for node in walk(binding.node):
        if isinstance(node, Loop) and node.iterable is not None:
            saves = any(isinstance(n, Call) and n.method in _SAVES for n in walk(node))
            found = [_root(n, models) for n in walk(node.iterable)] if saves else []
        elif isinstance(node, Call) and node.method in ("update", "bulk_update"):
            found = [_root(node.callee, models)]
        else:
            continue
        for model in found:
            if model in locked:
                return model
    return ""


def _models(function: Function) -> dict[str, str]:
    """The local names of historical models, with the models' own in lower case."""
    return {
        target.id: _model(node.value)
        for node in walk(function)
        if isinstance(node, Assign) and isinstance(node.value, Call)
        for target in node.targets
        if isinstance(target, Name) and node.value.method == "get_model"
    }


def _model(call: Call) -> str:
    last = call.arguments[-1].value if call.arguments else None
    text = (last.value or "") if isinstance(last, Text) else ""
    return text.rpartition(".")[2].lower()


def _root(node: object, models: dict[str, str]) -> str:
    """The model that a chain of calls starts at."""
    while isinstance(node, (Member, Call)):
        if isinstance(node, Call) and node.method == "get_model":
            return _model(node)
        node = node.object if isinstance(node, Member) else node.callee
    return models.get(node.id, "") if isinstance(node, Name) else ""
