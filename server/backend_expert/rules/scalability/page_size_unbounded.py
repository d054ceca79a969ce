"""A page size that callers choose without a maximum is a list without a limit.

One call with `limit=1000000` reads the whole table, fills the memory of the service, and can be
repeated by anybody. Cap it on the server: declare the largest value where the parameter is declared,
or take the smaller of what was asked and what you allow. (CWE-770.)

Leave it off where a gateway or schema in front of this service holds the maximum.
"""

import re
from collections.abc import Iterator

from sqlglot import exp

from backend_expert.facts.code import (
    Assign,
    Call,
    Collection,
    Expression,
    Function,
    Index,
    Member,
    Name,
    Node,
    Opaque,
    Operation,
    Parameter,
)
from backend_expert.facts.query import Placeholder, Query, QueryHole
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.chosen import chosen
from backend_expert.lint.finding import Related
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.pattern import pattern

_DATA = ("orm.query", "orm.read", "document.read", "sql.execute")
_LIMITS = frozenset(("limit", "take", "fetch", "top"))
_CHECKED = pattern(r"valid|schema|celebrate|sanit|check|dto|pipe", re.IGNORECASE)
_MOST = "100"


@rule(
    title="Page size without a maximum",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(770,),
    sources=("Google AIP-158", "vacuum owasp-integer-limit (specifications)"),
    tags=("pagination",),
    in_scripts=False,
    needs=("orm.query", "orm.read", "document.read", "sql.execute"),
    examples=[
        Example(
            bad="""
                from fastapi import FastAPI
                from sqlalchemy import select
                from sqlalchemy.orm import Session

                app = FastAPI()

                @app.get("/orders")
                def list_orders(limit: int = 20, session: Session = Depends(get_session)):
                    query = select(Order).order_by(Order.id)
                    return session.scalars(query.limit(limit)).all()
                                                       ^^^^^ callers may ask for any number of rows (`limit`)
            """,
            good="""
                from fastapi import FastAPI
                from sqlalchemy import select
                from sqlalchemy.orm import Session

                app = FastAPI()

                @app.get("/orders")
                def list_orders(limit: int = 20, session: Session = Depends(get_session)):
                    query = select(Order).order_by(Order.id)
                    return session.scalars(query.limit(min(limit, 100))).all()
            """,
        ),
        Example(
            bad="""
                from django.http import JsonResponse
                from django.db import connection

                def orders(request):
                    size = int(request.GET.get("size", 20))
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT id FROM orders ORDER BY id LIMIT %s", [size])
                                                                                      ^^^^ callers may ask for any number of rows (`size`)
                        return JsonResponse({"orders": cursor.fetchall()})
            """,
            good="""
                from django.http import JsonResponse
                from django.db import connection

                def orders(request):
                    size = int(request.GET.get("size", 20))
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT id FROM orders ORDER BY id LIMIT %s", [min(size, 100)])
                        return JsonResponse({"orders": cursor.fetchall()})
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { PrismaClient } = require('@prisma/client');
                const express = require('express');
                const prisma = new PrismaClient();
                const app = express();

                app.get('/orders', async (req, res) => {
                  const limit = parseInt(req.query.limit) || 20;
                  res.json(await prisma.order.findMany({ take: limit, orderBy: { id: 'asc' } }));
                                                               ^^^^^ callers may ask for any number of rows (`limit`)
                });
            """,
            good="""
                const { PrismaClient } = require('@prisma/client');
                const express = require('express');
                const prisma = new PrismaClient();
                const app = express();

                app.get('/orders', async (req, res) => {
                  const limit = parseInt(req.query.limit) || 20;
                  res.json(await prisma.order.findMany({ take: Math.min(limit, 100), orderBy: { id: 'asc' } }));
                });
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { Pool } = require('pg');
                const express = require('express');
                const pool = new Pool();
                const app = express();

                app.get('/orders', async (req, res) => {
                  const { limit = 20 } = req.query;
                  const { rows } = await pool.query('SELECT id FROM orders ORDER BY id LIMIT $1', [limit]);
                                                                                                   ^^^^^ callers may ask for any number of rows (`limit`)
                  res.json(rows);
                });
            """,
        ),
        Example(
            good="""
                from typing import Annotated
                from fastapi import FastAPI, Query
                from sqlalchemy import select
                from sqlalchemy.orm import Session

                app = FastAPI()

                @app.get("/orders")
                def list_orders(limit: Annotated[int, Query(ge=1, le=100)] = 20, session: Session = None):
                    return session.scalars(select(Order).order_by(Order.id).limit(limit)).all()

                @app.get("/customers")
                def list_customers(limit: int = Query(20, le=100), session: Session = None):
                    return session.scalars(select(Customer).order_by(Customer.id).limit(limit)).all()

                @app.get("/products")
                def list_products(limit: int = 20, session: Session = None):
                    if limit > 100:
                        limit = 100
                    return session.scalars(select(Product).order_by(Product.id).limit(limit)).all()

                def newest(session: Session, limit: int = 20):
                    return session.scalars(select(Product).order_by(Product.id).limit(limit)).all()
            """,
        ),
        Example(
            language="javascript",
            good="""
                const { Pool } = require('pg');
                const express = require('express');
                const pool = new Pool();
                const app = express();

                app.get('/orders', async (req, res) => {
                  const limit = Math.min(parseInt(req.query.limit) || 20, 100);
                  res.json(await pool.query('SELECT id FROM orders ORDER BY id LIMIT $1', [limit]));
                });

                app.get('/customers', validate(listCustomers), async (req, res) => {
                  res.json(await pool.query('SELECT id FROM customers LIMIT $1', [req.query.limit]));
                });
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, *_DATA)
    function = ctx.function(call)
    if meaning is None or function is None:
        return
    for size in _sizes(call, meaning, ctx):
        source = chosen(size, function, ctx, 0)
        if source is None or _is_validated(function, ctx):
            continue
        word = _word(size) or _word(source)
        yield Finding(
            size.span,
            f"callers may ask for any number of rows{f' (`{word}`)' if word else ''}",
            _fix(size, source, ctx),
            (Related(source.span, "chosen by the caller here"),),
        )
        return


def _sizes(call: Call, meaning: Meaning, ctx: Context) -> Iterator[Expression]:
    """The expressions that say how many rows a call reads."""
    if call.method in _LIMITS and len(call.arguments) == 1 and meaning.role != "sql.execute":
        yield call.arguments[0].value
    for word in ("limit", "per_page"):
        if "max" not in meaning.entry.options:  # the library caps it by itself
            option = ctx.option(call, meaning, word)
            if option.value is not None:
                yield option.value
    for query in ctx.queries_of(call):
        yield from _in_sql(call, meaning, query)
    above = ctx.parent(call)
    if isinstance(above, Index) and meaning.role == "orm.query":
        yield from _slice(above, ctx)


def _slice(index: Index, ctx: Context) -> Iterator[Expression]:
    """`rows[:size]`; of `rows[start:end]` nothing is told."""
    key = index.key
    if isinstance(key, Opaque) and ctx.source(key).startswith(":"):
        for part in key.parts[:1]:
            if isinstance(part, Name | Call | Operation | Member):
                yield part


def _in_sql(call: Call, meaning: Meaning, query: Query) -> Iterator[Expression]:
    """The values of the parameters in a LIMIT."""
    for limit in query.all(exp.Limit, exp.Fetch):
        if isinstance(limit.args.get("expression") or limit.args.get("count"), exp.Literal):
            continue
        for slot in query.slots_in(limit):
            if isinstance(slot, QueryHole):
                yield slot.value
            elif (value := _bound(call, meaning, query, slot)) is not None:
                yield value


def _bound(call: Call, meaning: Meaning, query: Query, slot: Placeholder) -> Expression | None:
    """The value that a parameter of the SQL is given, if it stands in the call itself."""
    place = meaning.entry.values
    values = call.argument(place.position, place.name) if place is not None else None
    if not isinstance(values, Collection) or values.spreads:
        return None
    if values.kind == "map":
        return values.get(slot.name)
    at = int(slot.name) - 1 if slot.name.isdigit() else query.placeholders.index(slot)
    return values.entries[at].value if 0 <= at < len(values.entries) else None


def _is_validated(function: Function, ctx: Context) -> bool:
    """Whether something named like a validator stands before the handler, or in it."""
    for decorator in function.decorators:
        if _CHECKED.search(ctx.source(decorator)):
            return True
    argument = ctx.parent(function)
    call = ctx.parent(argument) if argument is not None else None
    if isinstance(call, Call):
        others = (a.value for a in call.arguments if a.value is not function)
        if any(_CHECKED.search(ctx.source(other)) for other in others):
            return True
    return any(
        ctx.meaning(node, "validate") is not None
        and any(ctx.value(argument.value).untrusted() for argument in node.arguments)
        for node in ctx.below(function, Call)
    )


def _word(node: Node) -> str:
    return node.id if isinstance(node, Name) else getattr(node, "name", "")


def _fix(size: Expression, source: Node, ctx: Context) -> Fix | None:
    if not ctx.is_python:
        if not isinstance(size, Name) or isinstance(source, Assign):
            return None  # it may still be a string
        text = f"Math.min({ctx.source(size)}, {_MOST})"
    elif isinstance(source, Parameter) or isinstance(size, Name):
        text = f"min({ctx.source(size)}, {_MOST})"
    else:
        return None
    return Fix(f"Allow at most {_MOST}", (ctx.replace(size, text),), is_sure=False)
