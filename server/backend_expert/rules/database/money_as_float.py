"""Binary floating point cannot hold a cent: 0.10 is stored as a little more than that.

Sums drift, totals differ from what was charged by a cent, and comparisons fail. Keep money as
NUMERIC with a fixed scale (`DecimalField`, `Numeric`), or as an integer of the smallest unit, and
its currency beside it.

Leave it off for figures that are estimates anyway, as in an analytics store.
"""

import re
from collections.abc import Iterator

from sqlglot import exp

from backend_expert.facts.code import Assign, Call, Name, Node
from backend_expert.facts.item import Item
from backend_expert.facts.query import Query
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.ddl.columns import declared
from backend_expert.text.edit import Edit
from backend_expert.text.pattern import pattern

_MONEY = pattern(
    r"(?:^|_)(?:price|prices|amount|subtotal|total|balance|fee|fees|cost|costs|tax|taxes|salary"
    r"|payment|revenue|refund|deposit|discount_amount|paid|charged|money|budget|credit_limit)(?:_|$)"
)
_NO_MONEY = pattern(
    r"rate|ratio|(?:^|_)(?:nb|num)_|points?(?:_|$)|score|weight|lat|lng|percent|pct|factor|multiplier|count|qty|quantity|hour|time"
    r"|minute|second|(?:^|_)ms(?:_|$)|byte|day|avg|mean|probab|size|distance|energy|power|usage"
    r"|length|volume|mass|area|token|index|norm|loss|gradient|compute"
)
_STORES = pattern(
    r"analytic|staging|stats|statistic|metric|report|forecast|estimat|feature|embedding"
)
_FLOATS = (exp.DType.FLOAT, exp.DType.DOUBLE)
_TYPE = pattern(
    r"\b(?:double\s+precision|double|float[48]?|real)\b(?:\s*\(\s*\d+(?:\s*,\s*\d+)?\s*\))?", re.I
)


@rule(
    title="Money as floating point",
    severity=Severity.WARNING,
    languages=("python", "javascript", "sql"),
    sources=("semgrep use-decimalfield-for-money", "sqlcheck 2001"),
    in_migrations=True,
    beside=("query", "column"),
    examples=[
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0002_payments.sql",
            bad="""
                CREATE TABLE payments (
                    id     bigint PRIMARY KEY,
                    amount double precision NOT NULL
                           ^^^^^^^^^^^^^^^^ `amount` cannot hold cents exactly
                );
            """,
            good="""
                CREATE TABLE payments (
                    id     bigint PRIMARY KEY,
                    amount numeric(12, 2) NOT NULL
                );
            """,
        ),
        Example(
            bad="""
                from django.db import models
                from sqlalchemy import Column, Float

                class Order(models.Model):
                    total_price = models.FloatField()
                                  ^^^^^^^^^^^^^^^^^^^ `total_price` cannot hold cents exactly

                class Payment(Base):
                    amount = Column(Float, nullable=False)
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `amount` cannot hold cents exactly
            """,
        ),
        Example(
            language="javascript",
            bad="""
                exports.up = (knex) => knex.schema.createTable('payments', (table) => {
                  table.float('amount');
                  ^^^^^^^^^^^^^^^^^^^^^ `amount` cannot hold cents exactly
                });
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            good="""
                CREATE TABLE payments (
                    id         bigint PRIMARY KEY,
                    amount     numeric(12, 2) NOT NULL,
                    price_cent bigint,
                    tax_rate   double precision,
                    total_time real
                );
                CREATE TABLE analytics_orders (total double precision);
            """,
        ),
        Example(
            good="""
                from django.db import models
                from sqlalchemy import Column, Float, Numeric

                class Order(models.Model):
                    price = models.DecimalField(max_digits=12, decimal_places=2)
                    latitude = models.FloatField()

                class Payment(Base):
                    amount = Column(Numeric(12, 2))
                    exchange_rate = Column(Float)
            """,
        ),
    ],
)
def check(item: Item, ctx: Context) -> Iterator[Finding]:
    for query in ctx.queries:
        yield from _in_sql(query)
    for site in ctx.sites:
        meaning = ctx.meaning(site.call, "column")
        if meaning is not None and (meaning.has("float") or _is_float(site.call, ctx)):
            name = _name(site.call, ctx)
            if _is_money(name):
                yield Finding(site.call.span, f"`{name}` cannot hold cents exactly")


def _is_money(name: str) -> bool:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return bool(_MONEY.search(words)) and not _NO_MONEY.search(words)


def _in_sql(query: Query) -> Iterator[Finding]:
    for table, column in declared(query):
        kind = column.args.get("kind")
        if not isinstance(kind, exp.DataType) or kind.this not in _FLOATS:
            continue
        extent = query.extent(column)
        if extent is None or not _is_money(column.name) or _STORES.search(table):
            continue
        found = _TYPE.search(query.text, extent[0] + len(column.name))
        if found is None or found.start() >= extent[1]:
            continue
        span = query.host(*found.span())
        edit = Edit(span, "numeric(12, 2)")
        fix = None if query.home else Fix("Make it numeric(12, 2)", (edit,), is_sure=False)
        words = f"`{column.name}` cannot hold cents exactly"
        yield Finding(span, words, fix, home=query.home)


def _is_float(call: Call, ctx: Context) -> bool:
    """Whether one of the first arguments, or what is called to give it, is a floating type."""
    return any(ctx.has_role(argument.value, "column.type") for argument in call.arguments[:2])


def _name(call: Call, ctx: Context) -> str:
    """The column's name: what is assigned, or what the call says."""
    above: Node | None = ctx.parent(call)
    if isinstance(above, Assign) and isinstance(above.targets[0], Name):
        return above.targets[0].id
    meaning = ctx.meaning(call, "column")
    subject = ctx.subject(call, meaning) if meaning is not None else None
    return (ctx.text_of(subject) or "") if subject is not None else ""
