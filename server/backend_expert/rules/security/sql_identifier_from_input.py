"""The name of a column or a sort order cannot be bound, so whoever writes it writes SQL.

Look the caller's word up in a map of the names you allow, and use what the map holds, never the
word itself. The same goes for ASC and DESC. Quoting the name stops an injection but still lets
callers read and sort by columns you never meant to show. (OWASP ASVS 5.0 V1.2.4, CWE-89.)

Leave it off in tools for administrators that may read every table anyway.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.pieces import pieces

_WHAT = {"identifier": "names a table or column", "keyword": "becomes a keyword"}


@rule(
    title="Name in SQL taken from input",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(89,),
    sources=("bandit B608", "ruff S608"),
    tags=("injection",),
    peers=("S608", "B608"),
    needs=("sql.execute", "sql.text"),
    examples=[
        Example(
            bad="""
                import sqlite3
                from flask import Flask, request

                app = Flask(__name__)
                connection = sqlite3.connect("shop.db")

                @app.get("/orders")
                def orders():
                    column = request.args.get("sort", "id")
                    order = request.args["order"]
                    sql = f"SELECT id, total FROM orders ORDER BY {column} {order} LIMIT 50"
                                                                  ^^^^^^^^ untrusted query string names a table or column in this SELECT
                                                                           ^^^^^^^ untrusted query string becomes a keyword in this SELECT
                    return connection.execute(sql).fetchall()
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
                  const { rows } = await pool.query(`SELECT id FROM orders ORDER BY ${req.query.sort} LIMIT 50`);
                                                                                    ^^^^^^^^^^^^^^^^^ untrusted query string names a table or column in this SELECT
                  res.json(rows);
                });
            """,
        ),
        Example(
            good="""
                import sqlite3
                from flask import Flask, request

                app = Flask(__name__)
                connection = sqlite3.connect("shop.db")
                COLUMNS = {"newest": "created_at", "total": "total"}
                ALLOWED = ("id", "total")

                @app.get("/orders")
                def orders():
                    column = COLUMNS.get(request.args["sort"], "id")
                    direction = "DESC" if request.args.get("down") else "ASC"
                    return connection.execute(
                        f"SELECT id FROM orders ORDER BY {column} {direction} LIMIT 50"
                    ).fetchall()

                @app.get("/totals")
                def totals():
                    sort = request.args["sort"]
                    if sort not in ALLOWED:
                        return "no such column", 400
                    return connection.execute(f"SELECT id FROM orders ORDER BY {sort}").fetchall()
            """
        ),
        Example(
            language="javascript",
            good="""
                const { Pool } = require('pg');
                const express = require('express');
                const pool = new Pool();
                const app = express();
                const SORTS = { newest: 'created_at', total: 'total' };

                app.get('/orders', async (req, res) => {
                  const column = SORTS[req.query.sort] ?? 'id';
                  const { rows } = await pool.query(`SELECT id FROM orders ORDER BY ${column} LIMIT 50`);
                  res.json(rows);
                });
            """,
        ),
    ],
)  # fmt: skip
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    for meaning, piece in pieces(call, ctx):
        origin = ctx.value(piece).untrusted("sql") if meaning.has("names") else None
        if origin is not None:
            message = f"untrusted {origin.label} names a table or column in this query"
            yield Finding(piece.span, message, related=ctx.born(origin))
    if ctx.meaning(call, "sql.execute") is None:
        return
    for query in ctx.queries_of(call):
        if query.binds:
            continue
        for hole in query.holes:
            what = _WHAT.get(hole.position)
            origin = ctx.value(hole.value).untrusted("sql") if what else None
            if origin is not None:
                verb = query.verb or "statement"
                message = f"untrusted {origin.label} {what} in this {verb}"
                yield Finding(hole.span, message, related=ctx.born(origin), home=query.home)
