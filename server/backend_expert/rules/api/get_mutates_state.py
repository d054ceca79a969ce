"""A GET that changes data is changed by everyone who only looks.

Crawlers, link previews, prefetching browsers, retrying proxies and caches all send GETs freely, and
any page can make a signed-in visitor send one, without a form or a token. Use POST, PUT or DELETE.

Leave it off for counters, "last seen" and audit rows, and for links in mails that must work with
one click; better still, let those links open a page with a button.
"""

import re
from collections.abc import Iterator

from backend_expert.lint import Example, Finding, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.lint.finding import Related
from backend_expert.lint.routes import Route, routes
from backend_expert.lint.writes import Write, writes
from backend_expert.text.pattern import pattern

# Links that are followed from a mail or another site, and pages that only keep count.
_LINKS = pattern(
    r"(?<![a-z])(?:call_?back|oauth|sso|saml|oidc|confirm|verif|activat|unsubscribe|opt_?(?:in|out)"
    r"|log_?(?:in|out)|sign_?(?:in|out|up)|auth|token|reset|click|track|pixel|beacon|visit|health"
    r"|ready|live|cron|hook|web_?hook|init|seed|setup|migrat|redirect|short|preview|download"
    r"|export|invite|accept)"
    r"|/r/",
)
_KEEPS_COUNT = pattern(
    r"audit|logs?\b|_log|log_|event|visit|view|click|seen|session|token|cache|stats?(?:_|\b|$)|metric"
    r"|count|histor|track|usage|activit|notif|read_at|last_|access|search|profile|setting|prefer"
    r"|lock|temp|draft",
    re.IGNORECASE,
)


@rule(
    title="GET that changes data",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(650,),
    sources=("Zalando guidelines 148 and 149", "AIP-131", "Sonar S3752"),
    tags=("http", "routing"),
    examples=[
        Example(
            bad="""
                from fastapi import APIRouter
                from sqlalchemy import text
                from sqlalchemy.orm import Session

                router = APIRouter()

                @router.get("/coupons/{code}/redeem")
                            ^^^^^^^^^^^^^^^^^^^^^^^^ a GET changes data: UPDATE of `coupons`
                def redeem(code: str, session: Session):
                    session.execute(text("UPDATE coupons SET uses = uses + 1 WHERE code = :code"), {"code": code})
            """,
        ),
        Example(
            bad="""
                from flask import Flask
                from shop.models import Order

                app = Flask(__name__)

                def drop(order_id):
                    connection = psycopg.connect("")
                    connection.execute("DELETE FROM orders WHERE id = %s", (order_id,))

                @app.route("/orders/<int:order_id>/delete")
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a GET changes data: DELETE of `orders`
                def delete(order_id):
                    drop(order_id)
                    return "gone"

                import psycopg
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const { Pool } = require('pg');

                const pool = new Pool();
                const router = express.Router();

                router.get('/deliveries/:id/requeue', async (req, res) => {
                           ^^^^^^^^^^^^^^^^^^^^^^^^^ a GET changes data: UPDATE of `deliveries`
                  await pool.query("UPDATE deliveries SET status = 'queued' WHERE id = $1", [req.params.id]);
                  res.json({ status: 'queued' });
                });
            """,
        ),
        Example(
            good="""
                from flask import Flask, request
                import psycopg

                app = Flask(__name__)
                connection = psycopg.connect("")

                @app.route("/orders/<int:id>", methods=["GET", "POST"])
                def order(id):
                    if request.method == "POST":
                        connection.execute("UPDATE orders SET paid = true WHERE id = %s", (id,))
                    return "ok"

                @app.get("/confirm/<token>")
                def confirm(token):
                    connection.execute("UPDATE customers SET confirmed = true WHERE code = %s", (token,))
                    return "ok"

                @app.get("/orders/<int:id>/read")
                def read(id):
                    connection.execute("INSERT INTO page_views (order_id) VALUES (%s)", (id,))
                    connection.execute("UPDATE articles SET view_count = view_count + 1 WHERE id = %s", (id,))
                    return connection.execute("SELECT total FROM orders WHERE id = %s", (id,)).fetchone()

                @app.post("/orders/<int:id>/cancel")
                def cancel(id):
                    connection.execute("UPDATE orders SET open = false WHERE id = %s", (id,))
                    return "ok"
            """,
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const { Pool } = require('pg');

                const pool = new Pool();
                const app = express();

                app.get('/orders', async (req, res) => {
                  await pool.query('INSERT INTO audit_log (who) VALUES ($1)', [req.user.id]);
                  const { rows } = await pool.query('SELECT id FROM orders LIMIT 10');
                  res.json(rows);
                });

                app.get('/auth/callback', async (req, res) => {
                  await pool.query('INSERT INTO users (id) VALUES ($1)', [req.query.id]);
                  res.redirect('/');
                });
            """,
        ),
    ],
)
def check(file: CodeFile, _: None) -> Iterator[Finding]:
    table = routes(file)
    touched = {id(item) for item in file.flow.touched}
    writing: list[Route] = []
    for route in table:
        notes = route.notes
        if "write" not in notes or id(route.home) in touched:
            notes["write"] = _write(route, file)
        if notes["write"] is not None:
            writing.append(route)
    if writing:
        others = {id(r.handler) for r in table if r.endpoint.method not in ("GET", "HEAD")}
        for route in writing:
            if id(route.handler) not in others:
                yield _finding(route, route.notes["write"])


def _write(route: Route, file: CodeFile) -> Write | None:
    """The write that the handler of a route comes to, where a GET should not."""
    home, handler = route.home, route.handler
    if route.endpoint.method != "GET" or handler is None or home is None:
        return None
    if _LINKS.search(route.words):
        return None
    return next((w for w in writes(file, home, handler) if _counts(w)), None)


def _counts(write: Write) -> bool:
    """Whether it changes what the caller is shown: not a counter, a log, or a row made on demand."""
    if write.path and not write.call.arguments:
        return False  # it knows nothing of this request: the service keeps something up to date
    if "if-absent" in write.traits or "upsert" in write.traits:
        return False
    return not _KEEPS_COUNT.search(f"{write.table} {write.columns}")


def _finding(route: Route, write: Write) -> Finding:
    done = f"{write.verb} of `{write.table}`" if write.verb.isupper() else f"`{write.verb}`"
    if not write.table and write.verb.isupper():
        done = write.verb
    related = ()
    if write.path:
        related = (Related(write.span, "changes it here", path=write.path),)
    elif write.home:
        related = (Related(write.span, "changes it here", write.home),)
    elif route.home is route.item:
        related = (Related(write.call.span, "changes it here"),)
    return Finding(
        route.endpoint.span, f"a GET changes data: {done}", related=related, item=route.item
    )
