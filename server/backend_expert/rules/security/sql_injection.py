"""Untrusted text spliced into SQL becomes SQL: whoever sends it can read or change any row.

Give the value beside the statement and let the driver bind it; a bound parameter is never parsed as
SQL, so there is nothing to escape and nothing to forget. The database can then also keep the plan.
Names of tables and columns cannot be bound: look them up in a map of the ones you allow.
(OWASP ASVS 5.0 V1.2.4, CWE-89.)

Leave it off only where the statement is meant to be written by its caller, as in a database
console behind its own login; say so in the comment that silences it.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Hole
from backend_expert.facts.query import Query, QueryHole
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.bind import bound
from backend_expert.lint.pieces import pieces


@rule(
    title="Untrusted value spliced into SQL",
    severity=Severity.ERROR,
    languages=("python", "javascript"),
    cwe=(89,),
    sources=("bandit B608", "ruff S608", "gosec G201", "find-sec-bugs SQL_INJECTION"),
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
                    status = request.args.get("status")
                    rows = connection.execute(f"SELECT id FROM orders WHERE status = '{status}'")
                                                                                      ^^^^^^^^ untrusted query string spliced into this SELECT
                    return rows.fetchall()
            """,
            good="""
                import sqlite3
                from flask import Flask, request

                app = Flask(__name__)
                connection = sqlite3.connect("shop.db")

                @app.get("/orders")
                def orders():
                    status = request.args.get("status")
                    rows = connection.execute("SELECT id FROM orders WHERE status = ?", (status,))
                    return rows.fetchall()
            """,
        ),
        Example(
            bad="""
                import sys
                import sqlite3

                connection = sqlite3.connect("shop.db")

                def find(table, name):
                    return connection.execute("SELECT * FROM " + table + " WHERE name = ?", (name,))

                find(sys.argv[1], "x")
                     ^^^^^^^^^^^ untrusted command line reaches SQL in `find`
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { Pool } = require('pg');
                const express = require('express');
                const pool = new Pool();
                const app = express();

                app.get('/orders/:id', async (req, res) => {
                  const { rows } = await pool.query(`SELECT * FROM orders WHERE id = ${req.params.id}`);
                                                                                     ^^^^^^^^^^^^^^^^ untrusted path parameter spliced into this SELECT
                  res.json(rows);
                });
            """,
            good="""
                const { Pool } = require('pg');
                const express = require('express');
                const pool = new Pool();
                const app = express();

                app.get('/orders/:id', async (req, res) => {
                  const { rows } = await pool.query(`SELECT * FROM orders WHERE id = $1`, [req.params.id]);
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
                COLUMNS = {"name": "name", "newest": "created_at"}

                @app.get("/orders")
                def orders():
                    limit = int(request.args["limit"])
                    column = COLUMNS[request.args["sort"]]
                    marks = ",".join("?" for _ in request.args.getlist("id"))
                    return connection.execute(
                        f"SELECT id FROM orders WHERE id IN ({marks}) ORDER BY {column} LIMIT {limit}",
                        request.args.getlist("id"),
                    ).fetchall()
            """,
        ),
        Example(
            good="""
                import logging
                from flask import request

                def note():
                    logging.info("select a plan from the list: %s", request.args["plan"])
                    prompt = f"SELECT the best answer from {request.args['answers']}"
                    return prompt
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "sql.execute")
    if meaning is not None:
        yield from _spliced(call, ctx)
        return
    yield from _pieces(call, ctx)
    for hit in ctx.hits(call, "sql.execute", sink="sql"):
        yield Finding(
            hit.argument.span,
            f"untrusted {hit.origin.label} reaches SQL in `{_callee(call)}`",
            related=hit.related,
        )


def _spliced(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "sql.execute")
    subject = ctx.subject(call, meaning) if meaning else None
    if subject is None:
        return
    value = ctx.value(subject)
    for query in ctx.queries_of(call):
        if query.binds:
            return
        found = False
        for hole in query.holes:
            origin = ctx.value(hole.value).untrusted("sql")
            if origin is None:
                continue
            found = True
            if hole.position in ("identifier", "keyword"):
                continue  # names have a rule of their own
            fix = _fix(call, query, hole, ctx)
            yield Finding(
                hole.span,
                f"untrusted {origin.label} spliced into this {query.verb or 'statement'}",
                fix,
                ctx.born(origin),
            )
        if found:
            return
    origin = value.untrusted("sql")
    if origin is None or _is_bound_elsewhere(value.parts, ctx):
        return
    yield Finding(
        subject.span, f"untrusted {origin.label} is part of this SQL", related=ctx.born(origin)
    )


def _pieces(call: Call, ctx: Context) -> Iterator[Finding]:
    """Text that becomes a clause of a statement which a mapper or query builder puts together."""
    for meaning, piece in pieces(call, ctx):
        origin = ctx.value(piece).untrusted("sql")
        if origin is not None and not meaning.has("names"):
            words = f"untrusted {origin.label} is part of this SQL"
            yield Finding(piece.span, words, related=ctx.born(origin))


def _is_bound_elsewhere(parts: object, ctx: Context) -> bool:
    """Whether the text is known in full and none of its holes is untrusted."""
    if not isinstance(parts, tuple):
        return False
    holes: list[Hole] = [part for part in parts if isinstance(part, Hole)]  # pyright: ignore[reportUnknownVariableType]
    return all(ctx.value(hole.value).untrusted("sql") is None for hole in holes)


def _fix(call: Call, query: Query, hole: QueryHole, ctx: Context) -> Fix | None:
    edits = bound(call, query, hole, ctx)
    return Fix("Bind the value as a parameter", edits) if edits else None


def _callee(call: Call) -> str:
    return call.method or "this call"
