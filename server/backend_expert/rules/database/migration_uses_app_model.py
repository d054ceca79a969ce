"""A migration that imports the application's models reads a table that is not there yet.

The model is the one of today; the table is the one of the day on which the migration runs. Once a
later change adds a column to the model, this migration asks for it before it exists, and every new
database (a test run, a new colleague's machine) fails on it. Ask the migration framework for the
model as it was (`apps.get_model` in Django), declare a small table in the migration itself
(`sa.table(…)` in Alembic), or write SQL.

Leave it off where migrations are squashed before the models can change.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Assign, Call, Function, Import, Member, Name, Node, walk
from backend_expert.facts.item import Item
from backend_expert.lint import Example, Finding, Fix, Related, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.lint.ddl import migration_of
from backend_expert.text.edit import Edit
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

_MODELS = pattern(r"(?:^|[./])(?:models?|entity|entities)(?:[./]|$)")
# What one calls on a mapped class, or hands it to, to reach its rows.
_ASKS = frozenset(
    ("objects", "query", "create", "update", "destroy", "findAll", "findOne", "find", "count",
     "bulkCreate", "updateMany", "updateOne", "deleteMany", "insertMany", "findByPk", "save")
)  # fmt: skip
# What a framework looks for in a migration in Python.
_STEPS = frozenset(("Migration", "upgrade", "up", "migrate", "forwards", "forward", "apply"))
_ASKED_OF = frozenset(("query", "select", "insert", "update", "delete", "getRepository", "scalars"))


@rule(
    title="Migration uses the application's model",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    sources=("Django documentation: historical models", "Rails guides: using models in migrations"),
    tags=("migration",),
    in_migrations=True,
    examples=[
        Example(
            path="orders/migrations/0004_currency.py",
            bad="""
                from django.db import migrations
                from orders.models import Order

                def fill(apps, schema_editor):
                    for order in Order.objects.filter(currency=None):
                                 ^^^^^ `Order` is today's model, the table may be an older one
                        order.save()

                class Migration(migrations.Migration):
                    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
            """,
            good="""
                from django.db import migrations
                from orders.models import Order

                def fill(apps, schema_editor):
                    Order = apps.get_model("orders", "Order")
                    for order in Order.objects.filter(currency=None):
                        order.save()

                class Migration(migrations.Migration):
                    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
            """,
        ),
        Example(
            path="migrations/versions/3f2a_currency.py",
            bad="""
                import sqlalchemy as sa
                from alembic import op
                from sqlalchemy.orm import Session
                from app.models import Order

                def upgrade():
                    op.add_column("orders", sa.Column("currency", sa.Text()))
                    with Session(op.get_bind()) as session:
                        session.query(Order).update({"currency": "EUR"})
                                      ^^^^^ `Order` is today's model, the table may be an older one
            """,
        ),
        Example(
            language="javascript",
            path="migrations/20260301_currency.js",
            bad="""
                const Order = require('../models/order');

                exports.up = async (knex) => {
                  await knex.schema.alterTable('orders', (table) => table.string('currency'));
                  await Order.updateMany({}, { currency: 'EUR' });
                        ^^^^^ `Order` is today's model, the table may be an older one
                };
            """,
        ),
        Example(
            path="orders/migrations/0004_status.py",
            good="""
                import orders.models
                from django.db import migrations, models
                from orders.models import Status, upload_path

                def fill(apps, schema_editor):
                    order = apps.get_model("orders", "Order")
                    order.objects.filter(status=None).update(status=Status.OPEN)

                class Migration(migrations.Migration):
                    operations = [
                        migrations.AddField("order", "status", models.TextField(choices=Status.choices, null=True)),
                        migrations.AddField("order", "file", models.FileField(upload_to=upload_path, null=True)),
                        migrations.RunPython(fill, migrations.RunPython.noop),
                    ]
            """,
        ),
        Example(
            path="migrations/env.py",
            good="""
                from alembic import context
                from app.models import Base

                target_metadata = Base.metadata
                context.configure(target_metadata=target_metadata)
            """,
        ),
    ],
)
def check(file: CodeFile, ctx: None) -> Iterator[Finding]:
    if migration_of(file) is None or not _is_step(file):
        return
    imported = _models(file)
    for item in file.items:
        if imported.keys().isdisjoint(item.names):
            continue
        for statement in item.body:
            yield from _uses(statement, item, imported, file)


def _is_step(file: CodeFile) -> bool:
    """Whether it is run once, in its place among the changes of the schema, by a framework.

    A folder of jobs may have a name like that; their models are meant to be those of today.
    """
    return file.family != "python" or not _STEPS.isdisjoint(file.flow.outline.names)


def _models(file: CodeFile) -> dict[str, tuple[Import, Item]]:
    """The classes that come from modules of models, by the name they have here."""
    found: dict[str, tuple[Import, Item]] = {}
    for name, binding in file.flow.outline.names.items():
        node = binding.node
        if isinstance(node, Import) and name[:1].isupper() and _MODELS.search(node.module):
            is_own = not file.flow.catalogue.alias.get(node.module) and node.module[:7] != "django."
            if is_own:
                found[name] = (node, binding.item)
    return found


def _uses(
    statement: Node, item: Item, imported: dict[str, tuple[Import, Item]], file: CodeFile
) -> Iterator[Finding]:
    functions = [node for node in walk(statement) if isinstance(node, Function)]
    reported: set[str] = set()
    for function in functions:
        own = {
            target.id
            for node in walk(function)
            if isinstance(node, Assign)
            for target in node.targets
            if isinstance(target, Name)
        }
        for name in _asked(function):
            if name.id in imported and name.id not in own and name.id not in reported:
                reported.add(name.id)
                node, home = imported[name.id]
                words = f"`{name.id}` is today's model, the table may be an older one"
                related = (Related(node.span, "imported here"),) if home is item else ()
                fix = _fix(name.id, node, function, file)
                yield Finding(name.span, words, fix, related, item=item)


def _asked(function: Function) -> Iterator[Name]:
    """The names in a function that are asked for rows."""
    for node in walk(function):
        if isinstance(node, Member) and node.name in _ASKS and isinstance(node.object, Name):
            yield node.object
        elif isinstance(node, Call) and node.method in _ASKED_OF:
            for argument in node.arguments[:1]:
                if isinstance(argument.value, Name):
                    yield argument.value


def _fix(name: str, node: Import, function: Function, file: CodeFile) -> Fix | None:
    """The historical model, where the function is given the registry it comes from."""
    first = function.parameters[0].name if function.parameters else ""
    parts = node.module.split(".")
    at = parts.index("models") if "models" in parts else -1
    if first != "apps" or at < 1 or not parts[at - 1]:
        return None
    start = function.body[0].span.start
    indent = " " * 4
    line = f'{name} = apps.get_model("{parts[at - 1]}", "{node.name}")\n{indent}'
    return Fix("Use the model as it was", (Edit(Span(start, start), line),), is_sure=False)
