"""A print in a service is a line without a level, a time, a request id, or a switch.

It cannot be searched by request, is not shipped where the logs go, and stays on for good; with
buffering it may come out of order or not at all. Use the logger that the project has.

Leave it off in command-line tools, and in functions whose standard output is the log by design.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call
from backend_expert.lint import Context, Example, Finding, Severity, rule


@rule(
    title="Print in a service",
    severity=Severity.INFORMATION,
    languages=("python", "javascript"),
    sources=("ruff T201", "eslint no-console"),
    peers=("T201", "no-console"),
    in_scripts=False,
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
    if meaning is None or meaning.has("error") or not ctx.in_request(call):
        return
    if ctx.file.project.has_logger or _has_logger(ctx):
        yield Finding(call.span, "printed, although the project has a logger")


def _has_logger(ctx: Context) -> bool:
    return ctx.file.imports("logging", "structlog", "loguru", "winston", "pino", "bunyan")
