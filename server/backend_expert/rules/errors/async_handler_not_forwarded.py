"""Express 4 does not look at the promise that an async handler gives back.

When it is rejected no error handler runs and no answer is sent: the client waits until it gives
up, and the unhandled rejection ends the process with every other request in it. Wrap the handler
so that a failure goes to `next`, or move to Express 5, which does that by itself.

Leave it off where the router that handlers are put on wraps them, which this file does not show.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Collection, Expression, Function, Member, Name
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.promises import never_fails
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span

_FRAMEWORK = "express"
_FIRST_THAT_FORWARDS = 5
_PATCHES = ("express-async-errors", "express-promise-router", "express-async-router")


@rule(
    title="Rejected handler that nobody hears of",
    severity=Severity.ERROR,
    languages=("javascript",),
    cwe=(755,),
    sources=("typescript-eslint no-misused-promises",),
    peers=("@typescript-eslint/no-misused-promises",),
    needs=(
        "endpoint",
        "middleware",
    ),
    in_scripts=False,
    examples=[
        Example(
            language="javascript",
            dependencies={"express": "^4.18.2"},
            bad="""
                const express = require('express');
                const app = express();

                app.get('/orders', async (req, res) => {
                                   ^^^^^^^^^^^^^^^^ a failure leaves the request hanging: Express 4 drops the promise
                  res.json(await findOrders(req.query.page));
                });
            """,
            good="""
                const express = require('express');
                const app = express();

                app.get('/orders', (req, res, next) => (async (req, res) => {
                  res.json(await findOrders(req.query.page));
                })(req, res, next).catch(next));
            """,
        ),
        Example(
            language="typescript",
            dependencies={"express": "4.21.0"},
            bad="""
                import { Router } from 'express';

                export const orders = Router();

                async function list(req, res) {
                  res.json(await findOrders());
                }

                orders.get('/', list);
                                ^^^^ a failure leaves the request hanging: Express 4 drops the promise
            """,
            good="""
                import { Router } from 'express';

                export const orders = Router();

                async function list(req, res) {
                  res.json(await findOrders());
                }

                orders.get('/', (req, res, next) => list(req, res, next).catch(next));
            """,
        ),
        Example(
            language="javascript",
            dependencies={"express": "^4.18.2"},
            good="""
                const express = require('express');
                const app = express();
                const handle = (work) => (req, res, next) => work(req, res, next).catch(next);

                app.get('/orders', handle(async (req, res) => {
                  res.json(await findOrders());
                }));

                app.get('/order', async (req, res, next) => {
                  try {
                    res.json(await findOrder());
                  } catch (error) {
                    next(error);
                  }
                });

                app.get('/health', async (req, res) => res.json({ ok: true }));
            """,
        ),
        Example(
            language="javascript",
            dependencies={"express": "^5.0.1"},
            good="""
                const app = require('express')();

                app.get('/orders', async (req, res) => {
                  res.json(await findOrders());
                });
            """,
        ),
        Example(
            language="javascript",
            dependencies={"express": "^4.18.2", "express-async-errors": "^3.1.1"},
            good="""
                const app = require('express')();

                app.get('/orders', async (req, res) => {
                  res.json(await findOrders());
                });
            """,
        ),
        Example(
            language="javascript",
            path="app.js",
            dependencies={"express": "^4.19.2"},
            files={
                "sessions.js": """
                    export async function hasSession(req, res, next) {
                      req.session = await load(req);
                      next();
                    }
                """
            },
            good="""
                import express from 'express';
                import { hasSession } from './sessions.js';

                const app = express();

                app.get('/a', hasSession, (req, res) => { res.json([]); });
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "endpoint", "middleware")
    if meaning is None or meaning.technology != _FRAMEWORK or ctx.called(call).startswith("?"):
        return
    major = ctx.file.project.major(_FRAMEWORK)
    if major is None or major >= _FIRST_THAT_FORWARDS:
        return
    if any(patch in ctx.file.project.dependencies for patch in _PATCHES):
        return
    for given in _handlers(call):
        if _is_in_front(given, call, ctx):
            continue
        function = given if isinstance(given, Function) else ctx.value(given).node
        if not isinstance(function, Function) or not function.is_async or never_fails(function):
            continue
        if function.is_generator or len(function.parameters) > 3:
            continue
        yield Finding(
            function.name_span if given is function else given.span,
            f"a failure leaves the request hanging: Express {major} drops the promise",
            _fix(given, ctx),
        )


def _is_in_front(given: Expression, call: Call, ctx: Context) -> bool:
    """Whether it is another file's function that stands in front of the handler.

    One such is used by many routes, and is to be mended in its own place.
    """
    last = call.arguments[-1].value
    return (
        last is not given and isinstance(given, Name | Member) and ctx.value(given).name[:1] != "@"
    )


def _handlers(call: Call) -> Iterator[Expression]:
    for argument in call.arguments:
        if isinstance(argument.value, Collection):
            yield from (entry.value for entry in argument.value.entries)
        else:
            yield argument.value


def _fix(given: Expression, ctx: Context) -> Fix:
    start, end = given.span.start, given.span.end
    before, after = "(req, res, next) => ", "(req, res, next).catch(next)"
    if isinstance(given, Function):
        before, after = before + "(", ")" + after
    edits = (Edit(Span(start, start), before), Edit(Span(end, end), after))
    return Fix("Hand its failure to `next`", edits, is_sure=False)
