"""The text of an unexpected error is written for you, and tells a stranger how to get further in.

It names tables, files, hosts and versions; a stack trace names the lines as well. Log it with an id
and answer with that id and a sentence that says nothing. The text of an error class of your own,
written for callers, is another matter. (OWASP ASVS 5.0 V16.5.1, CWE-209.)

Leave it off in an internal tool whose users are its developers.
"""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Argument,
    Branch,
    Call,
    Collection,
    Constant,
    Entry,
    Expression,
    Function,
    Handler,
    Hole,
    Member,
    Node,
    Return,
)
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.deployment import is_behind_switch
from backend_expert.lint.error_text import errors_at, is_trace, told_of
from backend_expert.lint.sensitive import words
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span


@rule(
    title="Error text in the answer",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(209,),
    sources=("Sonar S6776", "find-sec-bugs INFORMATION_EXPOSURE_THROUGH_AN_ERROR_MESSAGE"),
    in_scripts=False,
    needs=("response", "response.abort",),
    examples=[
        Example(
            bad="""
                import logging
                from fastapi import FastAPI, HTTPException, Request
                from fastapi.responses import JSONResponse

                logger = logging.getLogger(__name__)
                app = FastAPI()

                @app.exception_handler(Exception)
                async def unexpected(request: Request, error: Exception) -> JSONResponse:
                    logger.error("unhandled", exc_info=error)
                    return JSONResponse({"detail": str(error)}, status_code=500)
                                                   ^^^^^^^^^^ the text of an unexpected error goes to the caller

                @app.get("/orders")
                def orders():
                    try:
                        return load()
                    except Exception as e:
                        logger.exception("no orders")
                        raise HTTPException(500, f"cannot load: {e}")
                                                                 ^ the text of an unexpected error goes to the caller
            """,
            good="""
                import logging
                from fastapi import FastAPI, HTTPException, Request
                from fastapi.responses import JSONResponse

                logger = logging.getLogger(__name__)
                app = FastAPI()

                @app.exception_handler(Exception)
                async def unexpected(request: Request, error: Exception) -> JSONResponse:
                    logger.error("unhandled", exc_info=error)
                    return JSONResponse({"detail": "internal error"}, status_code=500)

                @app.get("/orders")
                def orders():
                    try:
                        return load()
                    except Exception as e:
                        logger.exception("no orders")
                        raise HTTPException(500, f"cannot load: internal error")
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const { logger } = require('./logger');
                const app = express();

                app.use((error, req, res, next) => {
                  logger.error('unhandled', { error });
                  res.status(500).json({ error: error.message, stack: error.stack });
                                                ^^^^^^^^^^^^^ the text of an unexpected error goes to the caller
                });
            """,
            good="""
                const express = require('express');
                const { logger } = require('./logger');
                const app = express();

                app.use((error, req, res, next) => {
                  logger.error('unhandled', { error });
                  res.status(500).json({ error: 'internal error' });
                });
            """,
        ),
        Example(
            good="""
                from fastapi import FastAPI, HTTPException
                from fastapi.responses import JSONResponse
                from shop.errors import OutOfStock
                from shop.settings import settings

                app = FastAPI()

                @app.get("/orders")
                def orders(month: str):
                    try:
                        return load(month)
                    except OutOfStock as error:
                        raise HTTPException(500, str(error)) from error
                    except ValueError as error:
                        raise HTTPException(400, str(error)) from error
                    except Exception as error:
                        if settings.debug:
                            return JSONResponse({"detail": str(error)}, status_code=500)
                        return JSONResponse({"detail": type(error).__name__}, status_code=500)
            """
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const { HttpError } = require('./errors');
                const app = express();

                app.post('/orders', (req, res) => {
                  try {
                    JSON.parse(req.body);
                  } catch (error) {
                    res.status(400).json({ error: error.message });
                  }
                });
                app.use((error, req, res, next) => {
                  if (error instanceof HttpError) return res.status(error.status).json({ error: error.message });
                  const body = { error: 'internal error' };
                  if (process.env.NODE_ENV !== 'production') return res.status(500).json({ stack: error.stack });
                  return res.status(500).json(body);
                });
            """,
        ),
    ],
)  # fmt: skip
def check(fact: Call | Return, ctx: Context) -> Iterator[Finding]:
    if isinstance(fact, Return):
        yield from _returned(fact, ctx)
        return
    call = fact
    meaning = ctx.meaning(call, "response", "response.abort")
    if meaning is None:
        return
    errors = errors_at(call, ctx)
    status = _status(call, meaning, ctx)
    if status is not None and status < 500:
        return
    told = [
        leaf
        for body in _bodies(call, meaning, ctx)
        for leaf in told_of(body, errors, ctx)
        if (status is not None or is_trace(leaf)) and not is_behind_switch(leaf, ctx)
    ]
    if told and not _is_own(call, errors, ctx):
        message = "the text of an unexpected error goes to the caller"
        yield Finding(told[0].span, message, _fix(call, told, ctx))


def _returned(fact: Return, ctx: Context) -> Iterator[Finding]:
    """`return {"error": str(error)}, 500` of a handler."""
    status = _status_beside(fact)
    if (
        status is None
        or status < 500
        or not ctx.is_python
        or not isinstance(fact.value, Collection)
    ):
        return
    function = ctx.function(fact)
    if function is None or not (
        ctx.is_endpoint(function)
        or any(ctx.has_role(d, "error-handler") for d in function.decorators)
    ):
        return
    body = fact.value.entries[0].value
    if isinstance(body, Call) and ctx.meaning(body, "response") is not None:
        return  # the call is looked at
    errors = errors_at(fact, ctx)
    told = [leaf for leaf in told_of(body, errors, ctx) if not is_behind_switch(leaf, ctx)]
    if told and not _is_own(fact, errors, ctx):
        message = "the text of an unexpected error goes to the caller"
        yield Finding(told[0].span, message, _fix(fact, told, ctx))


def _status_beside(fact: Node | None) -> int | None:
    """The status of `return body, status`."""
    pair = fact.value if isinstance(fact, Return) else None
    if not isinstance(pair, Collection) or pair.kind != "tuple" or len(pair.entries) < 2:
        return None
    status = pair.entries[1].value
    known = status.value if isinstance(status, Constant) else None
    return known if type(known) is int else None


def _status(call: Call, meaning: Meaning, ctx: Context) -> int | None:
    """The answer's status; None when it is not told or not known."""
    told = ctx.option(call, meaning, "status").value
    if meaning.role == "response.abort":
        told = ctx.subject(call, meaning)
    receiver = call.callee.object if isinstance(call.callee, Member) else None
    while told is None and isinstance(receiver, Call):
        inner = ctx.meaning(receiver, "response.status")
        told = ctx.subject(receiver, inner) if inner is not None else None
        receiver = receiver.callee.object if isinstance(receiver.callee, Member) else None
    if told is not None:
        known = ctx.value(told).node
        if isinstance(known, Constant) and isinstance(known.value, int):
            return known.value
        digits = [w for w in words(ctx.name(told).rpartition(".")[2]) if w.isdigit()]
        return int(digits[0]) if digits else None
    pair = ctx.parent(call)
    while isinstance(pair, Entry | Collection):
        pair = ctx.parent(pair)
    if ctx.is_python and (beside := _status_beside(pair)) is not None:
        return beside
    return next((int(t) for t in meaning.entry.traits if t.isdigit()), None)


def _bodies(call: Call, meaning: Meaning, ctx: Context) -> Iterator[Expression]:
    subject = ctx.subject(call, meaning)
    if subject is None and meaning.has("json"):
        yield from (argument.value for argument in call.arguments if argument.name)
    for body in (subject, ctx.option(call, meaning, "detail").value):
        if body is not None:
            yield body


def _is_own(call: Node, errors: frozenset[str], ctx: Context) -> bool:
    """Whether a test has shown before that the error is one of the project's own."""
    below: Node = call
    for above in ctx.ancestors(call):
        if isinstance(above, Branch):
            source = ctx.source(above.test)
            if "instanceof" in source or "isinstance" in source:
                return any(below is s for s in above.then)
        below = above
    return False


def _fix(call: Node, told: list[Expression], ctx: Context) -> Fix | None:
    quoted = '"internal error"' if ctx.is_python else "'internal error'"
    edits: list[Edit] = []
    for number, leaf in enumerate(told):
        above = ctx.parent(leaf)
        if isinstance(above, Hole):
            edits.append(ctx.replace(above.span, "internal error"))
        elif isinstance(above, Entry) and number:
            edits.append(ctx.replace(_with_comma(above, ctx), ""))
        elif isinstance(above, Entry | Argument):
            if isinstance(above, Entry) and above.key is not None and above.key.span == leaf.span:
                return None
            edits.append(ctx.replace(leaf, quoted))
        else:
            return None
    return Fix("Answer without it", tuple(edits), is_sure=_is_logged(call, ctx))


def _with_comma(entry: Entry, ctx: Context) -> Span:
    """The entry with the comma before it."""
    before = ctx.text[: entry.span.start].rstrip()
    start = len(before) - 1 if before.endswith(",") else entry.span.start
    return Span(start, entry.span.end)


def _is_logged(call: Node, ctx: Context) -> bool:
    """Whether the error is written down where the answer is made, so that nothing is lost."""
    around = ctx.enclosing(call, Handler, Function)
    return around is not None and any(
        around.span.covers(site.call.span) and ctx.meaning(site.call, "log", "report")
        for site in ctx.sites
    )
