"""A print in a service is a line without a level, a time, a request id, or a switch.

It cannot be searched by request, is not shipped where the logs go, and stays on for good; with
buffering it may come out of order or not at all. Use the logger that the project has.

Leave it off in command-line tools, and in functions whose standard output is the log by design.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import Argument, Branch, Call, Function
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.serving import is_start_up, may_serve, runs_once
from backend_expert.text.pattern import pattern

_DRAWN = pattern(
    r"\\(033|x1b|e|u001b)\[|\\r[\"']|\[/?(bold|dim|red|green|yellow|blue)\b", re.IGNORECASE
)
_SWITCH = pattern(r"\b(debug|verbose|testing|dry_?run|isatty|interactive)\b", re.IGNORECASE)
# What code of a service does, and a tool for the command line seldom does beside its logging.
_WORK = frozenset(
    ("endpoint", "queue.consume", "queue.publish", "queue.ack", "orm.read", "orm.write")
)  # fmt: skip


@rule(
    title="Print in a service",
    severity=Severity.INFORMATION,
    languages=("python", "javascript"),
    sources=("ruff T201", "eslint no-console"),
    peers=("T201", "no-console"),
    in_scripts=False,
    needs=("print",),
    examples=[
        Example(
            bad="""
                import logging

                from fastapi import FastAPI

                app = FastAPI()
                log = logging.getLogger(__name__)

                @app.post("/orders")
                def create(order: dict):
                    print("new order", order["id"])
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ printed, although the project has a logger
                    return order
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const winston = require('winston');
                const app = express();
                const log = winston.createLogger({ level: 'info' });

                app.post('/orders', (req, res) => {
                  console.log('new order', req.body.id);
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ printed, although the project has a logger
                  res.sendStatus(201);
                });
            """,
        ),
        Example(
            bad="""
                import logging

                import pika

                log = logging.getLogger(__name__)

                def ship(order):
                    print("shipping", order)
                    ^^^^^^^^^^^^^^^^^^^^^^^^ printed, although this file has a logger

                def on_message(channel: pika.channel.Channel, method, properties, body):
                    ship(body)
                    log.info("shipped")
                    channel.basic_ack(method.delivery_tag)
            """,
        ),
        Example(
            good="""
                from fastapi import FastAPI

                app = FastAPI()

                @app.post("/orders")
                def create(order: dict):
                    print("new order", order["id"])
                    return order
            """,
        ),
        Example(
            good="""
                import logging

                log = logging.getLogger(__name__)

                def main():
                    print("usage: import FILE")
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "print")
    if meaning is None or meaning.has("error") or _is_for_terminal(call, ctx):
        return
    if ctx.in_request(call):
        if ctx.file.project.has_logger or _has_logger(ctx):
            yield Finding(call.span, "printed, although the project has a logger")
    elif (
        "log" in ctx.file.roles
        and (ctx.is_python or _has_logger(ctx))  # the console may be the logger there
        and not meaning.has("command-line")  # it asks for the terminal by name
        and _runs_again(call, ctx)
    ):
        yield Finding(call.span, "printed, although this file has a logger")


def _is_for_terminal(call: Call, ctx: Context) -> bool:
    """Whether a person is meant to see it: colours, a line drawn over, a switch for debugging."""
    if any(_DRAWN.search(ctx.source(argument)) for argument in call.arguments):
        return True
    return any(
        isinstance(above, Branch) and _SWITCH.search(ctx.source(above.test))
        for above in ctx.ancestors(call)
    )


def _runs_again(call: Call, ctx: Context) -> bool:
    """Whether a call stands in a function that runs while the service does, by all that tells."""
    function = ctx.function(call)
    return (
        function is not None
        and not runs_once(function)
        and not _is_told_of_start(function, ctx)
        and may_serve(ctx)
        and not is_start_up(ctx)
        and not ctx.file.roles.isdisjoint(_WORK)
    )


def _is_told_of_start(function: Function, ctx: Context) -> bool:
    """Whether it is the callback of `listen`, which runs once."""
    above = ctx.parent(function)
    call = ctx.parent(above) if isinstance(above, Argument) else None
    return isinstance(call, Call) and call.method == "listen"


def _has_logger(ctx: Context) -> bool:
    return ctx.file.imports("logging", "structlog", "loguru", "winston", "pino", "bunyan")
