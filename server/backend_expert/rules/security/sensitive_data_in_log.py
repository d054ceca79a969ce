"""What is written to a log is read by many, kept for long and sent to other companies.

A password or token there opens accounts for everyone who may search the logs. Log who did what
(an id, never the credential), or mask the value before it gets near the logger; whole request
bodies and headers carry credentials too. (OWASP ASVS 5.0 V16.2.5, CWE-532.)

Leave it off where the logger itself masks such fields, which this file cannot show.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Argument,
    Branch,
    Call,
    Choice,
    Collection,
    Entry,
    Expression,
    Function,
    Hole,
    Index,
    Member,
    Name,
    Node,
    Operation,
    Text,
)
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.sensitive import secret_kind, spelling, words
from backend_expert.text.pattern import pattern

# Calls that give on what they are given, word for word.
_FORMS = frozenset(
    ("str", "repr", "String", "stringify", "dumps", "format", "join", "dict", "encode", "decode")
) | frozenset(("toString", "strip", "trim", "inspect", "pformat"))

_DEVELOPMENT = frozenset(("dev", "development", "debug"))


# What a body is about in which a secret may be: someone signs in, or pays.
_SECRET = pattern(
    r"pass(word|wd|code|phrase)|log_?in|sign_?(in|up)|/register\b|registration|sign_?on|auth|token|secret|credential|api_?key"
    r"|card|cvv|iban|account|otp|pin\b|ssn|session",
    re.IGNORECASE,
)


@rule(
    title="Secret in a log line",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(532,),
    sources=("Sonar S5757", "semgrep python-logger-credential-disclosure"),
    tags=("logging",),
    needs=("log", "print"),
    examples=[
        Example(
            bad="""
                import logging
                from shop.security import new_reset_token

                logger = logging.getLogger(__name__)

                def reset(customer):
                    token = new_reset_token()
                    logger.info("password reset for customer %s: %s", customer.id, token)
                                                                                   ^^^^^ this log line gives a token away
                    logger.info(f"new password: {customer.password}")
                                                 ^^^^^^^^^^^^^^^^^ this log line gives a password away
            """,
            good="""
                import logging
                from shop.security import new_reset_token

                logger = logging.getLogger(__name__)

                def reset(customer):
                    token = new_reset_token()
                    logger.info("password reset for customer %s: %s", customer.id, "[redacted]")
                    logger.info(f"new password: [redacted]")
            """,
        ),
        Example(
            bad="""
                import logging
                from flask import Flask, request

                app = Flask(__name__)

                @app.post("/login")
                def login():
                    logging.debug("sign-in: %s", request.get_json())
                                                 ^^^^^^^^^^^^^^^^^^ this log line gives the whole request body away
                    return check(request.get_json())
            """,
            good="""
                import logging
                from flask import Flask, request

                app = Flask(__name__)

                @app.post("/login")
                def login():
                    logging.debug("sign-in: %s", "[redacted]")
                    return check(request.get_json())
            """,
        ),
        Example(
            language="javascript",
            bad="""
                import { logger } from './logger.js';

                export function requireCustomer(req, res, next) {
                  const { password } = req.body;
                  logger.warn('rejected', { path: req.path, authorization: req.get('authorization') });
                                                                           ^^^^^^^^^^^^^^^^^^^^^^^^ this log line gives a credential header away
                  logger.debug('sign-in', { password });
                                            ^^^^^^^^ this log line gives a password away
                }
            """,
            good="""
                import { logger } from './logger.js';

                export function requireCustomer(req, res, next) {
                  const { password } = req.body;
                  logger.warn('rejected', { path: req.path, authorization: '[redacted]' });
                  logger.debug('sign-in', { password: '[redacted]' });
                }
            """,
        ),
        Example(
            good="""
                import logging

                logger = logging.getLogger(__name__)
                sensitive_logger = logging.getLogger("shop.sensitive")

                def register(settings, password):
                    sensitive_logger.debug("registered with %s", password)
                    if settings.DEBUG:
                        logger.debug("password %s", password)

                def parse(tokens, user, password, mask):
                    for token in tokens:
                        logger.debug("unexpected %s", token)
                    logger.info("password set: %s, %d characters", bool(password), len(password))
                    logger.info("password is %s", mask(password))
                    logger.info("has a token: %s", user.access_token is not None)
                    logger.info("token ends in %s", user.access_token[-4:])
                    logger.info("reset_password of %s", user.id, extra={"csrf_token": 1, "token_type": "x"})
            """
        ),
        Example(
            language="javascript",
            good="""
                import pino from 'pino';

                const logger = pino({ redact: ['req.headers.authorization', '*.password'] });

                export function signIn(req) {
                  const { password } = req.body;
                  logger.info({ password }, 'sign-in');
                }
            """,
        ),
    ],
)  # fmt: skip
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    if ctx.meaning(call, "log") is None and not (
        ctx.meaning(call, "print") is not None and ctx.in_request(call)
    ):
        return  # what a handler prints ends in the log too
    if _is_for_developers(call, ctx):
        return
    found = [leaf for argument in call.arguments for leaf in _leaves(argument.value, ctx)]
    told = [(leaf, what) for leaf in found if (what := _kind(leaf, ctx))]
    if told and not _masks(ctx):
        for leaf, what in told:
            yield _finding(leaf, what, ctx)


def _is_for_developers(call: Call, ctx: Context) -> bool:
    """Whether the logger's name says that it is given such data, or only developers run this."""
    callee = call.callee
    if isinstance(callee, Member) and "sensitive" in words(ctx.source(callee.object)):
        return True
    below: Node = call
    for above in ctx.ancestors(call):
        if (
            isinstance(above, Branch)
            and any(below is part for part in above.then)
            and not _DEVELOPMENT.isdisjoint(words(ctx.source(above.test)))
        ):
            return True
        below = above
    return False


def _leaves(node: Expression, ctx: Context) -> Iterator[Expression]:
    """The values that a log line shows as they are."""
    if isinstance(node, Text):
        for part in node.parts:
            if isinstance(part, Hole):
                yield from _leaves(part.value, ctx)
    elif isinstance(node, Name | Member | Index):
        yield node
    elif isinstance(node, Collection):
        for entry in node.entries:
            yield from _leaves(entry.value, ctx)
    elif isinstance(node, Operation) and node.operator in ("+", "%", "or", "??", "and"):
        for operand in node.operands:
            yield from _leaves(operand, ctx)
    elif isinstance(node, Choice):
        yield from _leaves(node.then, ctx)
        yield from _leaves(node.other, ctx)
    elif isinstance(node, Call):
        if node.method in _FORMS:
            if isinstance(node.callee, Member):
                yield from _leaves(node.callee.object, ctx)
            for argument in node.arguments:
                yield from _leaves(argument.value, ctx)
        else:
            yield node


def _kind(leaf: Expression, ctx: Context) -> str:
    kind = secret_kind(leaf, ctx)
    if kind:
        if isinstance(leaf, Member) and _is_syntax(leaf):
            return ""
        return "a " + kind if kind != "credentials" else kind
    origin = ctx.value(leaf).untrusted()
    if origin is None:
        return ""
    is_whole = origin.span == leaf.span or (isinstance(leaf, Name) and _is_all_of(leaf, ctx))
    return _whole(leaf, origin.label, ctx) if is_whole else ""


def _is_syntax(leaf: Member) -> bool:
    holder = spelling(leaf.object)
    return leaf.name == "token" and holder in ("parser", "lexer", "node", "stream")


def _is_all_of(leaf: Name, ctx: Context) -> bool:
    """Whether a variable holds all that came in: its name is the input's own, with no part taken."""
    name = ctx.value(leaf).name
    last = name.rpartition(".")[2]
    return last in ("get_json()", "json()", "body", "json", "data", "headers", "form")


def _whole(leaf: Expression, label: str, ctx: Context) -> str:
    if label == "request body":
        return "the whole request body" if _may_hold_secrets(leaf, ctx) else ""
    name = ctx.value(leaf).name.rpartition(".")[2]
    if name in ("headers", "rawHeaders", "META"):
        return "all request headers"
    return "all cookies" if name.lower() == "cookies" else ""


def _may_hold_secrets(leaf: Expression, ctx: Context) -> bool:
    """Whether the function that logs a body, or the path it answers, speaks of something secret."""
    functions = [above for above in ctx.ancestors(leaf) if isinstance(above, Function)]
    outer = functions[-1] if functions else None
    above = ctx.parent(outer) if outer is not None else None
    while isinstance(above, Argument):
        above = ctx.parent(above)
    whole = above if isinstance(above, Call) else outer
    return whole is None or _SECRET.search(ctx.source(whole)) is not None


def _masks(ctx: Context) -> bool:
    """Whether the file sets its logger up to mask fields."""
    return any(
        not item.names.isdisjoint(("redact", "redactor", "redaction", "maskFields"))
        for item in ctx.file.items
    )


def _finding(leaf: Expression, what: str, ctx: Context) -> Finding:
    return Finding(leaf.span, f"this log line gives {what} away", _fix(leaf, ctx))


def _fix(leaf: Expression, ctx: Context) -> Fix | None:
    above: Node | None = ctx.parent(leaf)
    quoted = '"[redacted]"' if ctx.is_python else "'[redacted]'"
    if isinstance(above, Hole):
        edit = ctx.replace(above.span, "[redacted]")
    elif isinstance(above, Entry):
        is_short = above.key is not None and above.key.span == leaf.span
        name = ctx.source(leaf)
        edit = ctx.replace(leaf, f"{name}: {quoted}" if is_short else quoted)
    elif isinstance(above, Argument):
        edit = ctx.replace(leaf, quoted)
    else:
        return None
    return Fix("Keep it out of the log", (edit,))
