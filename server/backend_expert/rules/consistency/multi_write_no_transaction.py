"""Two writes that belong together, each committed by itself.

When the second one fails, or the process ends between them, the first stays: an order without its
lines, a refund without its entry. Put both into one transaction, or write them in one statement.

Leave it off where the second write may be missing, or is made good by a job that looks for rows
without their counterpart.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Call,
    Function,
)
from backend_expert.facts.item import Item
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.commits import (
    autocommits,
    follows,
    in_transaction,
    is_entry,
    opened_by,
)
from backend_expert.lint.finding import Related
from backend_expert.lint.ties import bound_names, keys, uses
from backend_expert.lint.writes import table_of, target_of
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.edit import Edit
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

_ASIDE = pattern(
    r"audit|logs?(?:_|$|[A-Z])|log$|event|notif|history|track|metric|stat|activity|session|token"
    r"|cache|outbox|message|email|mail",
    re.IGNORECASE,
)


@rule(
    title="Dependent writes without a transaction",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(362,),
    tags=("transactions",),
    beside=("orm.write", "sql.execute"),
    examples=[
        Example(
            bad="""
                from django.db import models

                class Order(models.Model): ...

                class OrderLine(models.Model): ...

                def place(request):
                    order = Order.objects.create(customer=request.user)
                    for sku in request.POST.getlist("sku"):
                        OrderLine.objects.create(order=order, sku=sku)
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no transaction: when this fails, `Order` above stays
            """,
            good="""
                from django.db import models, transaction

                class Order(models.Model): ...

                class OrderLine(models.Model): ...

                @transaction.atomic
                def place(request):
                    order = Order.objects.create(customer=request.user)
                    for sku in request.POST.getlist("sku"):
                        OrderLine.objects.create(order=order, sku=sku)
            """,
        ),
        Example(
            bad="""
                import psycopg

                def refund(order_id, amount):
                    with psycopg.connect("", autocommit=True) as connection:
                        connection.execute("INSERT INTO refunds (order_id, amount) VALUES (%s, %s)", (order_id, amount))
                        connection.execute("UPDATE orders SET status = 'refunded' WHERE id = %s", (order_id,))
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no transaction: when this fails, `refunds` above stays
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const { Pool } = require('pg');

                const pool = new Pool();
                const app = express();

                app.post('/orders', async (req, res) => {
                  const { rows } = await pool.query('INSERT INTO orders (customer) VALUES ($1) RETURNING id', [req.user]);
                  await pool.query('INSERT INTO order_lines (order_id, sku) VALUES ($1, $2)', [rows[0].id, 'a']);
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no transaction: when this fails, `orders` above stays
                  res.status(201).json(rows[0]);
                });
            """,
        ),
        Example(
            language="typescript",
            bad="""
                import { PrismaClient } from '@prisma/client';
                import express from 'express';

                const prisma = new PrismaClient();
                const app = express();

                app.post('/orders', async (req, res) => {
                  const order = await prisma.order.create({ data: { customer: req.user } });
                  await prisma.stock.update({ where: { sku: 'a' }, data: { reservedBy: order.id } });
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no transaction: when this fails, `order` above stays
                  res.json(order);
                });
            """,
        ),
        Example(
            good="""
                from django.db import models, transaction

                class Order(models.Model): ...

                class OrderLine(models.Model): ...

                class AuditLog(models.Model): ...

                def place(request):
                    with transaction.atomic():
                        order = Order.objects.create(customer=request.user)
                        OrderLine.objects.create(order=order, sku="a")
                    AuditLog.objects.create(order=order)

                def place_or_change(request):
                    if request.POST:
                        order = Order.objects.create(customer=request.user)
                    else:
                        order = Order.objects.get(pk=1)
                        OrderLine.objects.create(order=order, sku="a")

                def two_of_them(request):
                    Order.objects.create(customer=request.user)
                    OrderLine.objects.create(sku="a")

                def kept_together(order_data):
                    order = Order.objects.create(**order_data)
                    OrderLine.objects.create(order=order)
            """,
        ),
        Example(
            good="""
                import psycopg

                def refund(order_id, amount):
                    with psycopg.connect("") as connection:
                        connection.execute("INSERT INTO refunds (order_id) VALUES (%s)", (order_id,))
                        connection.execute("UPDATE orders SET status = 'refunded' WHERE id = %s", (order_id,))

                def settled(order_id, amount):
                    with psycopg.connect("", autocommit=True) as connection, connection.transaction():
                        connection.execute("INSERT INTO refunds (order_id) VALUES (%s)", (order_id,))
                        connection.execute("UPDATE orders SET status = 'refunded' WHERE id = %s", (order_id,))
            """,
        ),
        Example(
            good="""
                from sqlalchemy.orm import Session

                def place(request, session: Session):
                    order = Order(customer=request.user)
                    session.add(order)
                    session.flush()
                    session.add(OrderLine(order_id=order.id))
                    session.commit()
            """,
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const { Pool } = require('pg');

                const pool = new Pool();
                const app = express();

                app.post('/orders', async (req, res) => {
                  const client = await pool.connect();
                  await client.query('BEGIN');
                  const { rows } = await client.query('INSERT INTO orders (customer) VALUES ($1) RETURNING id', [req.user]);
                  await client.query('INSERT INTO order_lines (order_id, sku) VALUES ($1, $2)', [rows[0].id, 'a']);
                  await client.query('COMMIT');
                  const found = await pool.query('SELECT id FROM orders WHERE id = $1', [rows[0].id]);
                  await pool.query('INSERT INTO audit_log (order_id) VALUES ($1)', [rows[0].id]);
                });
            """,
        ),
    ],
)
def check(item: Item, ctx: Context) -> Iterator[Finding]:
    written = [
        (site.call, meaning)
        for site in ctx.sites
        if site.meanings and (meaning := autocommits(site.call, ctx)) is not None
    ]
    if len(written) < 2:
        return
    known = [(call, meaning, _target(call, ctx)) for call, meaning in written]
    changes = [one for one in known if one[2] and not _ASIDE.search(one[2])]
    seen: set[int] = set()
    for call, meaning, table in changes:
        names = bound_names(call, ctx) if _inserts(call, meaning, ctx) else set[str]()
        if opened_by(call, ctx) is not None:
            names |= keys(call)
        function = ctx.function(call)
        if function is None:
            continue
        if opened_by(call, ctx) is None and not _is_in_entry(function, ctx):
            continue
        if in_transaction(call, ctx):
            continue
        second = next(
            (
                later
                for later, _, other in changes
                if other != table and uses(later, names) and follows(later, call, ctx)
            ),
            None,
        )
        if second is not None and id(function) not in seen:
            seen.add(id(function))
            yield Finding(
                second.span,
                f"no transaction: when this fails, `{table}` above stays",
                _fix(function, meaning, ctx),
                (Related(call.span, "written and committed here"),),
            )


def _is_in_entry(function: Function, ctx: Context) -> bool:
    if is_entry(function, ctx):
        return True
    outer = ctx.function(function)
    return outer is not None and function.is_lambda and is_entry(outer, ctx)


def _target(call: Call, ctx: Context) -> str:
    """The table or model that a call writes, empty when it only reads."""
    meaning = ctx.meaning(call, "orm.write")
    if meaning is not None:
        return "" if meaning.has("if-absent") else target_of(call, ctx.reading)
    return next((table_of(query) for query in ctx.queries_of(call)), "")


def _inserts(call: Call, meaning: Meaning, ctx: Context) -> bool:
    if meaning.role == "orm.write":
        return meaning.has("insert") and not meaning.has("bulk")
    return next((query.verb for query in ctx.queries_of(call)), "") == "INSERT"


def _fix(function: Function, meaning: Meaning, ctx: Context) -> Fix | None:
    """The decorator that makes the whole function one transaction, where there is one."""
    if function.is_async:
        return None
    known = ctx.file.flow.catalogue.technologies[meaning.technology]
    for entry in known.call:
        if entry.role == "transaction" and "decorator" in entry.traits:
            path, _, name = entry.names[0].rpartition(".")
            package, _, module = path.rpartition(".")
            start = function.span.start
            line = ctx.text.rfind("\n", 0, start) + 1
            margin = " " * (start - line)
            edit = Edit(Span(start, start), f"@{module}.{name}\n{margin}")
            title = f"Make `{function.name}` one transaction"
            return Fix(title, (edit,), (f"from {package} import {module}",), is_sure=False)
    return None
