"""A list without a limit answers with every row there is, and there are more each day.

The endpoint is quick in its first week. A year later one call reads a million rows, fills the
memory of the service and of its caller, and holds a connection while it does. Give it a limit from
the start, with a largest one that the server decides, and a cursor or page for the rest; adding one
later breaks those who count on getting everything.

Leave it off for tables that are small by nature (countries, roles), for exports that stream, and
where the rows of one parent are few by rule.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import Call, Function, Member
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.answered import answered
from backend_expert.lint.listing import unbounded
from backend_expert.lint.serving import is_handler, route
from backend_expert.text.pattern import pattern

# Tables that stay small, and those of which one parent may have very many.
_SMALL = pattern(
    r"countr|currenc|role|permission|categor|status|setting|config|plan$|unit|language|locale|"
    r"timezone|type|feature|flag|option|tier|region|channel|menu|template|group|tag$|level|skill|"
    r"department|carrier|provider|integration|webhook|module|plugin|version|kind|enum|choice|tax",
    re.IGNORECASE,
)
_GROWING = pattern(
    r"review|comment|order|message|event|log|notification|payment|transaction|post|follow|like|visit|"
    r"view|session|audit|histor|entr|deliver|attempt|invoice|activit|record|reading|measure|mail|"
    r"ticket|vote|booking|article|photo|image|item|rating|metric|upload|result|submission|feed",
    re.IGNORECASE,
)
_OTHER = pattern(
    r"admin|export|csv|download|dump|stream|sitemap|report|stat|summary|internal|debug|metric|health|"
    r"lookup|option|dropdown|setting|config|count",
    re.IGNORECASE,
)


@rule(
    title="List endpoint without a limit",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(770,),
    sources=("Zalando guideline 159", "Google AIP-158"),
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
                def list_orders(session: Session = Depends(get_session)):
                    query = select(Order).where(Order.archived == False)
                    found = session.scalars(query.order_by(Order.id.desc()))
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ answers with every row of `Order`: there is no limit
                    return [OrderOut.model_validate(order) for order in found]
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { Pool } = require('pg');
                const express = require('express');
                const pool = new Pool();
                const app = express();

                app.get('/deliveries', async (req, res) => {
                  const { rows } = await pool.query('SELECT id, status FROM deliveries ORDER BY id DESC');
                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ answers with every row of `deliveries`: there is no limit
                  res.json(rows);
                });
            """,
        ),
        Example(
            bad="""
                from django.db import models
                from django.http import JsonResponse
                from django.urls import path

                class Comment(models.Model):
                    text = models.TextField()

                def comments(request):
                    return JsonResponse({"comments": list(Comment.objects.filter(hidden=False).values())})
                                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ answers with every row of `Comment`: there is no limit

                urlpatterns = [path("comments", comments)]
            """,
        ),
        Example(
            good="""
                from fastapi import FastAPI
                from sqlalchemy import select
                from sqlalchemy.orm import Session

                app = FastAPI()

                @app.get("/orders")
                def list_orders(after: int, session: Session = Depends(get_session)):
                    query = select(Order).where(Order.id > after).order_by(Order.id)
                    query = query.limit(50)
                    return session.scalars(query).all()

                @app.get("/orders/{order_id}")
                def get_order(order_id: int, session: Session = Depends(get_session)):
                    rows = session.scalars(select(Order).where(Order.id == order_id)).all()
                    return rows[0]

                @app.get("/countries")
                def countries(session: Session = Depends(get_session)):
                    return session.scalars(select(Country)).all()

                @app.get("/me/addresses")
                def addresses(session: Session = Depends(get_session)):
                    return session.scalars(select(Address).where(Address.user_id == me())).all()
            """,
        ),
        Example(
            language="javascript",
            good="""
                const { Pool } = require('pg');
                const express = require('express');
                const pool = new Pool();
                const app = express();

                app.get('/deliveries', async (req, res) => {
                  const { rows } = await pool.query('SELECT id FROM deliveries WHERE id > $1 LIMIT 50', [after]);
                  res.json(rows);
                });

                app.get('/totals', async (req, res) => {
                  const { rows } = await pool.query('SELECT status, count(*) FROM deliveries GROUP BY status');
                  res.json(rows);
                });

                app.get('/deliveries.csv', async (req, res) => {
                  const { rows } = await pool.query('SELECT id, status FROM deliveries');
                  res.send(rows.map(line).join());
                });

                app.post('/refresh', async (req, res) => {
                  const { rows } = await pool.query('SELECT id FROM deliveries');
                  await enqueue(rows);
                  res.sendStatus(202);
                });
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    if ctx.meaning(call, "orm.read", "document.read", "sql.execute", "orm.query") is None:
        return
    function = ctx.function(call)
    if function is None or not is_handler(function, ctx):
        return
    if _is_link(call, ctx):
        return
    listing = unbounded(call, ctx)
    if listing is None or _SMALL.search(listing.of):
        return
    if listing.is_owned and not _GROWING.search(listing.of):
        return
    if _is_something_else(function, ctx) or not answered(call, ctx):
        return
    yield Finding(call.span, f"answers with every row of `{listing.of}`: there is no limit")


def _is_something_else(function: Function, ctx: Context) -> bool:
    """Whether a handler does not list for callers: it changes, exports, reports or shows one."""
    if _OTHER.search(function.name) or "Page" in _source(function, ctx):
        return True
    path, methods = route(function, ctx)
    if methods and not methods & {"GET", "ANY"}:
        return True
    return bool(_OTHER.search(path)) or bool(re.search(r"[}>]$|/:\w+$", path.rstrip("/")))


def _is_link(call: Call, ctx: Context) -> bool:
    """Whether another call of the same chain follows, which then stands for all of it."""
    above = ctx.parent(call)
    outer = ctx.parent(above) if isinstance(above, Member) else None
    if outer is None:
        return False
    return ctx.meaning(outer, "orm.read", "document.read", "orm.query", "sql.execute") is not None


def _source(function: Function, ctx: Context) -> str:
    return ctx.source(function.returns) if function.returns is not None else ""
