"""A status that has no body (204, 205, 304) is sent with one.

Servers and proxies drop such a body, break off the connection, or leave its bytes to be read as
the beginning of the next answer. Send 200 with the body, or 204 without it.

Leave it off where a test server is meant to answer wrongly.
"""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Call,
    Collection,
    Constant,
    Expression,
    Function,
    Member,
    Return,
    Text,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.text.edit import Edit

_EMPTY = (204, 205, 304)


@rule(
    title="Body in an answer that must not have one",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    sources=("Sonar S8400", "Zalando guideline 243"),
    tags=("http",),
    needs=("response",),
    examples=[
        Example(
            bad="""
                from fastapi.responses import JSONResponse

                def archive(sku):
                    return JSONResponse({"archived": sku}, status_code=204)
                                                                       ^^^ 204 must not have a body
            """,
            good="""
                from fastapi.responses import JSONResponse

                def archive(sku):
                    return JSONResponse({"archived": sku}, status_code=200)
            """,
        ),
        Example(
            bad="""
                from flask import Flask, jsonify

                app = Flask(__name__)

                @app.delete("/orders/<int:id>")
                def remove(id):
                    return jsonify(removed=id), 204
                                                ^^^ 204 must not have a body
            """,
            good="""
                from flask import Flask, jsonify

                app = Flask(__name__)

                @app.delete("/orders/<int:id>")
                def remove(id):
                    return jsonify(removed=id), 200
            """,
        ),
        Example(
            bad="""
                from fastapi import FastAPI

                app = FastAPI()

                @app.delete("/orders/{id}", status_code=204)
                                                        ^^^ 204 must not have a body
                def remove(id: int):
                    return {"removed": id}
            """,
            good="""
                from fastapi import FastAPI

                app = FastAPI()

                @app.delete("/orders/{id}", status_code=200)
                def remove(id: int):
                    return {"removed": id}
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const app = express();

                app.delete('/orders/:id', (req, res) => {
                  res.status(204).json({ removed: req.params.id });
                             ^^^ 204 must not have a body
                });
            """,
            good="""
                const express = require('express');
                const app = express();

                app.delete('/orders/:id', (req, res) => {
                  res.status(200).json({ removed: req.params.id });
                });
            """,
        ),
        Example(
            good="""
                from django.http import HttpResponse, JsonResponse
                from flask import Flask, make_response

                app = Flask(__name__)

                def gone(request):
                    return HttpResponse(status=204)

                def empty(request):
                    return JsonResponse({}, status=204)

                @app.delete("/orders/<int:id>")
                def remove(id):
                    return "", 204

                @app.put("/orders/<int:id>")
                def change(id):
                    return make_response("", 204)

                def made(order):
                    return JsonResponse({"id": order.id}, status=201)
            """,
        ),
        Example(
            good="""
                from fastapi import FastAPI, Response

                app = FastAPI()

                @app.delete("/orders/{id}", status_code=204)
                def remove(id: int):
                    if not id:
                        return None
                    return Response(status_code=204)
            """,
        ),
        Example(
            language="javascript",
            good="""
                app.delete('/orders/:id', (req, res) => res.status(204).send());
                app.delete('/carts/:id', (req, res) => res.status(204).end());
                app.put('/carts/:id', (req, res) => res.status(204).json());
                app.post('/carts', (req, res) => res.status(201).json({ id: 1 }));
            """,
        ),
    ],
)
def check(fact: Call | Return | Function, ctx: Context) -> Iterator[Finding]:
    if isinstance(fact, Call):
        status, body = _answered(fact, ctx)
    elif isinstance(fact, Return):
        status, body = _returned(fact, ctx)
    else:
        status, body = _declared(fact, ctx)
    if status is None or body is None:
        return
    number = _number(status, ctx)
    if number in _EMPTY and _is_body(body, ctx):
        fix = None
        if isinstance(status, Constant):
            fix = Fix("Answer 200", (Edit(status.span, "200"),), is_sure=False)
        yield Finding(status.span, f"{number} must not have a body", fix)


def _answered(call: Call, ctx: Context) -> tuple[Expression | None, Expression | None]:
    """`JSONResponse(body, status_code=204)`, `res.status(204).json(body)`."""
    meaning = ctx.meaning(call, "response")
    if meaning is None or meaning.has("template"):
        return None, None
    body = ctx.subject(call, meaning)
    status = ctx.option(call, meaning, "status").value
    before = call.callee.object if isinstance(call.callee, Member) else None
    while status is None and isinstance(before, Call):
        told = ctx.meaning(before, "response.status")
        if told is not None:
            status = ctx.subject(before, told)
        before = before.callee.object if isinstance(before.callee, Member) else None
    return status, body


def _returned(fact: Return, ctx: Context) -> tuple[Expression | None, Expression | None]:
    """`return body, 204`."""
    value = fact.value
    if not isinstance(value, Collection) or value.kind != "tuple" or len(value.entries) < 2:
        return None, None
    status = value.entries[1].value
    function = ctx.function(fact)
    if function is None or not ctx.is_endpoint(function):
        return None, None
    return status, value.entries[0].value


def _declared(fact: Function, ctx: Context) -> tuple[Expression | None, Expression | None]:
    """`@router.delete(…, status_code=204)` on a function that returns something."""
    for decorator in fact.decorators:
        meaning = ctx.meaning(decorator, "endpoint")
        if meaning is None or not isinstance(decorator, Call):
            continue
        status = ctx.option(decorator, meaning, "status").value
        if status is None:
            continue
        nodes = (node for statement in fact.body for node in walk(statement))
        for node in nodes:
            given = node.value if isinstance(node, Return) else None
            if not isinstance(given, Collection) or given.kind not in ("map", "list"):
                continue
            if ctx.function(node) is fact:
                return status, given
    return None, None


def _number(status: Expression, ctx: Context) -> int | None:
    value = ctx.value(status)
    if isinstance(value.node, Constant) and type(value.node.value) is int:
        return value.node.value
    name = value.name.rpartition(".")[2].upper()
    if name.startswith("HTTP_204") or name == "NO_CONTENT":
        return 204
    return 304 if name.startswith("HTTP_304") or name == "NOT_MODIFIED" else None


def _is_body(body: Expression, ctx: Context) -> bool:
    """Whether something is surely sent; empty placeholders are not."""
    if isinstance(body, Text):
        return body.value is None or bool(body.value.strip())
    if isinstance(body, Collection):
        return bool(body.entries)
    if isinstance(body, Call):
        meaning = ctx.meaning(body, "response")
        return meaning is not None and meaning.has("json") and bool(body.arguments)
    return False
