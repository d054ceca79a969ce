"""A client built for each request connects anew each time and throws its connections away.

Every call then pays for a TCP and a TLS handshake, often more than the request itself, and under
load the sockets that linger use up the ports. Clients of HTTP services, clouds, databases and
brokers keep a pool for this reason: make one when the process starts, share it, and close it when
the process ends.

Leave it off where each caller has credentials of its own, or where the function runs once in a
while.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Call,
    Collection,
    Function,
    Held,
    Member,
    Name,
    Node,
    Return,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.loops import called_as, names_in
from backend_expert.lint.serving import gives_on, in_service, is_start_up, may_serve, runs_once
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.pattern import pattern

_CLIENT = pattern(r"client|session|http|connection|redis", re.IGNORECASE)
# What is done once for a sign-in or an account, where one more handshake is nothing.
_SELDOM = pattern(
    r"oauth|oidc|saml|(^|[ _/])sso|log_?in|sign_?(in|up)|provision|onboard|install", re.IGNORECASE
)


@rule(
    title="Client built for each request",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(1072,),
    sources=("sonar S6243 (AWS Lambda)",),
    tags=("connections",),
    in_scripts=False,
    needs=("client", "sql.connect"),
    examples=[
        Example(
            bad="""
                import httpx

                async def quotes(carriers):
                    async with httpx.AsyncClient(timeout=5) as client:
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a new `httpx.AsyncClient` for each call reuses no connection
                        return [(await client.get(url)).json() for url in carriers]
            """,
        ),
        Example(
            bad="""
                import boto3
                from flask import Flask, request

                app = Flask(__name__)

                @app.post("/files")
                def upload():
                    s3 = boto3.client("s3")
                         ^^^^^^^^^^^^^^^^^^ a new `boto3.client` for each request reuses no connection
                    s3.upload_fileobj(request.files["file"], "uploads", "file")
                    return "", 201
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const { Pool } = require('pg');
                const express = require('express');
                const app = express();

                app.get('/orders', async (req, res) => {
                  const pool = new Pool({ connectionString: process.env.DATABASE_URL });
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a new `Pool` for each request reuses no connection
                  const { rows } = await pool.query('SELECT id FROM orders LIMIT 20');
                  res.json(rows);
                });
            """,
        ),
        Example(
            good="""
                import contextlib
                import functools
                import boto3
                import httpx
                from fastapi import FastAPI

                @contextlib.asynccontextmanager
                async def lifespan(app):
                    async with httpx.AsyncClient(timeout=5) as client:
                        app.state.client = client
                        yield

                @functools.lru_cache
                def storage():
                    client = boto3.client("s3")
                    return client

                async def for_tenant(tenant):
                    async with httpx.AsyncClient(base_url=tenant.url, auth=tenant.token) as client:
                        return (await client.get("/me")).json()

                class Rates:
                    def __init__(self):
                        self.client = httpx.Client(timeout=5)
            """,
        ),
        Example(
            language="javascript",
            good="""
                const { Pool } = require('pg');
                const Redis = require('ioredis');
                const pool = new Pool();

                async function main() {
                  const redis = new Redis();
                  await work(redis);
                }

                function createRedis(options) {
                  const redis = new Redis({ lazyConnect: true });
                  redis.on('error', console.error);
                  return redis;
                }

                let shared;
                async function connection() {
                  if (!shared) shared = new Redis();
                  return shared.ping();
                }
            """,
        ),
        Example(
            good="""
                from fastapi import FastAPI
                from httpx import AsyncClient

                app = FastAPI()

                @app.post("/previews")
                async def preview(url: str):
                    async with AsyncClient() as client:
                        answer = await client.get(url, timeout=5)
                        return {"title": answer.text[:80]}
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "client", "sql.connect")
    if meaning is None:
        return
    function = _outermost(call, ctx)
    if function is None or runs_once(function) or gives_on(function) or not may_serve(ctx):
        return
    if is_start_up(ctx) or _is_for_any_host(call, function, meaning, ctx):
        return
    is_request = in_service(call, ctx)
    if meaning.role == "sql.connect" and not (is_request and _has_server(meaning.technology, ctx)):
        return
    if not is_request and not (function.is_async and _is_held(call, ctx)):
        return
    names = f"{ctx.file.path.rpartition('/')[2]} {ctx.item.place.owner} {function.name}"
    if not is_request and _SELDOM.search(names):
        return
    if _is_remembered(function) or _is_for_one_caller(call, function, ctx):
        return
    if _is_kept(call, function, ctx) or _may_be_given(function):
        return
    each = "request" if is_request else "call"
    yield Finding(call.span, f"a new `{called_as(call, ctx)}` for each {each} reuses no connection")


def _is_for_any_host(call: Call, function: Function, meaning: Meaning, ctx: Context) -> bool:
    """Whether it only asks addresses that are given: another host each time, nothing to reuse."""
    above = ctx.parent(call)
    held = above if isinstance(above, Held) else None
    if held is None or not isinstance(held.target, Name) or "base_url" in ctx.source(call):
        return False
    asked = [
        ctx.subject(node, request)
        for node in walk(function)
        if isinstance(node, Call)
        and isinstance(node.callee, Member)
        and isinstance(node.callee.object, Name)
        and node.callee.object.id == held.target.id
        and (request := ctx.meaning(node, "http.request"))
    ]
    given = {p.name for f in walk(function) if isinstance(f, Function) for p in f.parameters}
    given |= {
        target.id
        for node in walk(function)
        if isinstance(node, Assign)
        for target in node.targets
        if isinstance(target, Name)
    }
    return bool(asked) and all(isinstance(url, Name) and url.id in given for url in asked)


def _outermost(call: Call, ctx: Context) -> Function | None:
    """The function of the item in which the call stands, helpers inside it included."""
    found = None
    for above in ctx.ancestors(call):
        if isinstance(above, Function):
            if runs_once(above):
                return above
            found = above
    return found


def _has_server(technology: str, ctx: Context) -> bool:
    """Whether the database is reached over a network: an embedded one has nothing to pool."""
    return ctx.file.flow.catalogue.technologies[technology].dialect in ("postgres", "mysql")


def _is_held(call: Call, ctx: Context) -> bool:
    """Whether it is opened by `with` and closed at its end."""
    return isinstance(ctx.parent(call), Held)


def _is_remembered(function: Function) -> bool:
    for decorator in function.decorators:
        for node in walk(decorator):
            word = node.name if isinstance(node, Member) else getattr(node, "id", "")
            if any(
                part in word.lower() for part in ("cache", "memo", "singleton", "fixture", "once")
            ):
                return True
    return False


def _is_for_one_caller(call: Call, function: Function, ctx: Context) -> bool:
    """Whether what the client is made with depends on who asks: another account, another host."""
    own = {parameter.name for parameter in function.parameters}
    for node in walk(function):
        if isinstance(node, Assign):
            own.update(target.id for target in node.targets if isinstance(target, Name))
        elif isinstance(node, Function):
            own.update(parameter.name for parameter in node.parameters)
    own.discard("self")
    return any(own & names_in(argument.value) for argument in call.arguments)


def _may_be_given(function: Function) -> bool:
    """Whether the caller may bring a client along, and this one is for those who do not."""
    return any(
        parameter.default is not None and _CLIENT.search(parameter.name)
        for parameter in function.parameters
    )


def _is_kept(call: Call, function: Function, ctx: Context) -> bool:
    """Whether the client outlives the call: returned, stored elsewhere, or given to an object."""
    for above in ctx.ancestors(call):
        if isinstance(above, Assign):
            return not _is_local(above, function, ctx)
        if isinstance(above, Return | Collection):
            return True
        if isinstance(above, Call):
            return not above.method[:1].islower()  # given to a constructor, which keeps it
    return False  # used on the spot


def _is_local(assign: Assign, function: Function, ctx: Context) -> bool:
    """Whether it is put into a local variable that stays in the function."""
    if len(assign.targets) != 1 or not isinstance(assign.targets[0], Name):
        return False
    name = assign.targets[0].id
    if name in ctx.file.flow.outline.names:
        return False
    for node in walk(function):
        if isinstance(node, Return) and node.value is not None and _gives(node.value, name):
            return False
        if isinstance(node, Assign) and node.value is not None and _gives(node.value, name):
            return False
        if (
            isinstance(node, Call)
            and node.method[:1].isupper()
            and any(_gives(argument.value, name) for argument in node.arguments)
        ):
            return False
    return True


def _gives(node: Node, name: str) -> bool:
    """Whether an expression is the variable itself, or a collection or object that holds it."""
    if isinstance(node, Name):
        return node.id == name
    if isinstance(node, Collection):
        return any(_gives(entry.value, name) for entry in node.entries)
    return False
