"""A failure is answered with 200 and an error in the body.

Clients, caches, retries and alerts look at the status: to all of them this is a success, and the
one caller in ten that forgets to look into the body goes on with nothing. Answer 404, 409, 422 or
500, and keep the body.

Leave it off where the protocol has its errors in the body by design (GraphQL, JSON-RPC), or where
the caller sends again for ever unless it gets a 200, as many webhooks do.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Call,
    Collection,
    Constant,
    Expression,
    Function,
    Handler,
    Member,
    Node,
    Return,
    Text,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.failure_branch import failure_branch, is_absence
from backend_expert.text.edit import Edit
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

_FAULT = frozenset(("error", "errors", "err", "error_message", "errorMessage"))
_CLAIMS = frozenset(("success", "ok", "succeeded"))
_EXEMPT = pattern(
    r"graphql|rpc|web_?hook|hook|callback|batch|bulk|health|ready|live|ping|status|probe|slack"
    r"|telegram|alexa|dialogflow|mock|stub|fake|valid|check",
    re.IGNORECASE,
)
_MESSAGE = "a failure is answered with 200: set an error status"


@rule(
    title="Failure answered with 200",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    sources=("Zalando guidelines 151 and 176", "Sonar S6863 (Spring)"),
    tags=("http", "errors"),
    needs=("response",),
    examples=[
        Example(
            bad="""
                from fastapi import APIRouter

                router = APIRouter()

                @router.get("/coupons/{code}")
                def get_coupon(code: str):
                    row = find(code)
                    if row is None:
                        return {"error": "no such coupon"}
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a failure is answered with 200: set an error status
                    return row
            """,
        ),
        Example(
            bad="""
                from flask import Flask, jsonify

                app = Flask(__name__)

                @app.post("/orders")
                def place():
                    try:
                        return jsonify(store())
                    except ValueError as error:
                        return jsonify(success=False, reason="stock")
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a failure is answered with 200: set an error status
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const app = express();

                app.get('/orders/:id', async (req, res) => {
                  const order = await find(req.params.id);
                  if (!order) {
                    return res.json({ error: 'no such order' });
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a failure is answered with 200: set an error status
                  }
                  res.json(order);
                });
            """,
            good="""
                const express = require('express');
                const app = express();

                app.get('/orders/:id', async (req, res) => {
                  const order = await find(req.params.id);
                  if (!order) {
                    return res.status(404).json({ error: 'no such order' });
                  }
                  res.json(order);
                });
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const app = express();

                app.post('/orders', async (req, res) => {
                  try {
                    res.json(await place(req.body));
                  } catch (error) {
                    res.send({ success: false, message: error.message });
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a failure is answered with 200: set an error status
                  }
                });
            """,
            good="""
                const express = require('express');
                const app = express();

                app.post('/orders', async (req, res) => {
                  try {
                    res.json(await place(req.body));
                  } catch (error) {
                    res.status(500).send({ success: false, message: error.message });
                  }
                });
            """,
        ),
        Example(
            good="""
                from fastapi import APIRouter, Response
                from flask import Flask, jsonify

                router = APIRouter()
                app = Flask(__name__)

                @router.get("/coupons/{code}")
                def get_coupon(code: str, response: Response):
                    if find(code) is None:
                        response.status_code = 404
                        return {"error": "no such coupon"}
                    return {"error": None, "code": code}

                @app.get("/orders/<id>")
                def get_order(id):
                    if not find(id):
                        return {"error": "no such order"}, 404
                    return jsonify(error=None)

                @app.post("/webhooks/pay")
                def on_payment():
                    if not known():
                        return {"error": "unknown"}
                    return {}

                def summary(found):
                    if not found:
                        return {"error": "nothing"}
                    return {}
            """,
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const app = express();

                app.get('/orders/:id', async (req, res) => {
                  const order = await find(req.params.id);
                  if (!order) return res.status(404).json({ error: 'no such order' });
                  if (order.isOld) {
                    res.status(410);
                    return res.json({ error: 'too old' });
                  }
                  if (order.isNew) res.json({ error: null, order });
                });

                app.get('/healthz', async (req, res) => {
                  if (!(await ping())) res.json({ ok: false });
                });

                app.use((error, req, res, next) => {
                  res.statusCode = error.status || 500;
                  if (!error.expose) res.json({ error: 'internal' });
                });
            """,
        ),
    ],
)
def check(fact: Call | Return, ctx: Context) -> Iterator[Finding]:
    if isinstance(fact, Return):
        if ctx.is_python:
            yield from _returned(fact, ctx)
        return
    if ctx.is_python:
        return
    meaning = ctx.meaning(fact, "response")
    if meaning is None or meaning.has("template") or not isinstance(fact.callee, Member):
        return
    body = ctx.subject(fact, meaning)
    if not isinstance(body, Collection) or not _tells_failure(body):
        return
    if isinstance(fact.callee.object, Call):  # res.status(404).json(…)
        return
    branch = failure_branch(fact, ctx)
    function = ctx.function(fact)
    if branch is None or function is None or _sets_status(function, ctx):
        return
    if _is_exempt(fact, function, ctx):
        return
    status = "500" if isinstance(branch, Handler) else "404"
    at = fact.callee.object.span.end
    is_plain = isinstance(branch, Handler) or is_absence(branch.test)
    fix = Fix(f"Answer {status}", (Edit(Span(at, at), f".status({status})"),), is_sure=False)
    yield Finding(fact.span, _MESSAGE, fix if is_plain else None)


def _returned(fact: Return, ctx: Context) -> Iterator[Finding]:
    """A map, or a call that makes one into an answer, given back by a handler."""
    body = fact.value
    if isinstance(body, Call):
        meaning = ctx.meaning(body, "response")
        if meaning is None or not meaning.has("json"):
            return
        if ctx.option(body, meaning, "status").value is not None or body.spreads:
            return
        if not _tells_failure(body):
            subject = ctx.subject(body, meaning)
            if not isinstance(subject, Collection) or not _tells_failure(subject):
                return
    elif not isinstance(body, Collection) or not _tells_failure(body):
        return
    function = ctx.function(fact)
    if function is None or not ctx.is_endpoint(function) or failure_branch(fact, ctx) is None:
        return
    if not _sets_status(function, ctx) and not _is_exempt(fact, function, ctx):
        yield Finding(fact.span, _MESSAGE)


def _tells_failure(body: Collection | Call) -> bool:
    """`{"error": "…"}`, `{"success": false}`; an error of None tells of success."""
    for name, value in _members(body):
        if name in _FAULT and not _is_nothing(value):
            return True
        if name in _CLAIMS and isinstance(value, Constant) and value.value is False:
            return True
    return False


def _members(body: Collection | Call) -> Iterator[tuple[str, Expression]]:
    if isinstance(body, Call):
        for argument in body.arguments:
            if argument.name:
                yield argument.name, argument.value
    elif body.kind == "map":
        for entry in body.entries:
            if isinstance(entry.key, Text) and entry.key.value:
                yield entry.key.value, entry.value


def _is_nothing(value: Expression) -> bool:
    if isinstance(value, Constant):
        return not value.value
    if isinstance(value, Collection):
        return not value.entries
    return isinstance(value, Text) and not value.parts


def _sets_status(function: Function, ctx: Context) -> bool:
    """Whether the status is set in a statement of its own somewhere in the handler."""
    for statement in function.body:
        for node in walk(statement):
            if isinstance(node, Call):
                if ctx.meaning(node, "response.status") and ctx.is_statement(node):
                    return True
            elif isinstance(node, Member) and node.name in ("status_code", "statusCode", "status"):
                above = ctx.parent(node)
                if any(node is target for target in getattr(above, "targets", ())):
                    return True
    return False


def _is_exempt(node: Node, function: Function, ctx: Context) -> bool:
    if _EXEMPT.search(function.name) or _EXEMPT.search(ctx.file.path.rpartition("/")[2]):
        return True
    for above in ctx.ancestors(function):
        if isinstance(above, Call) and ctx.meaning(above, "endpoint"):
            text = ctx.text_of(above.arguments[0].value) if above.arguments else ""
            return bool(_EXEMPT.search(text or ""))
    paths = (
        d.arguments[0].value for d in function.decorators if isinstance(d, Call) and d.arguments
    )
    return any(_EXEMPT.search(ctx.text_of(path) or "") for path in paths)
