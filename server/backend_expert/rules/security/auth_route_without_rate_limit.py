"""A sign-in, code or reset route has no limiter, though other routes here do.

Passwords and six-digit codes are guessed by the thousand a minute, and a reset form sends as many
mails as someone likes. The project has a limiter at hand: put it before this route too, counting by
account as well as by address.

Leave it off where the gateway or the identity provider in front limits these routes already.
"""

from collections.abc import Iterator

from backend_expert.lint import Example, Finding, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.lint.finding import Related
from backend_expert.lint.routes import LIMITS, Route, compared
from backend_expert.text.pattern import pattern

_GUESSED = pattern(
    r"(?<![a-z])(?:log_?in|sign_?in|otp|one_?time|two_?factor|2fa|mfa|pin"
    r"|(?:forgot|reset|recover)[-_]?password|password[-_]?(?:reset|recovery|forgot))(?![a-z])"
)


@rule(
    title="Sign-in route without a rate limit",
    severity=Severity.INFORMATION,
    languages=("python", "javascript"),
    cwe=(307,),
    sources=("Zalando guideline 153", "semgrep missing-throttle-config"),
    tags=("authentication",),
    examples=[
        Example(
            bad="""
                from flask import Flask
                from flask_limiter import Limiter

                app = Flask(__name__)
                limiter = Limiter(app)

                @app.post("/register")
                @limiter.limit("5/minute")
                def register(): ...

                @app.post("/login")
                          ^^^^^^^^ no rate limit, which `POST /register` has
                def login(): ...
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const { rateLimit } = require('express-rate-limit');

                const router = express.Router();
                const slowly = rateLimit({ windowMs: 60000, limit: 5 });
                const loginLimiter = slowly;

                router.post('/login', loginLimiter, login);
                router.post('/password-reset', reset);
                            ^^^^^^^^^^^^^^^^^ no rate limit, which `POST /login` has
            """,
        ),
        Example(
            good="""
                from fastapi import APIRouter, Depends

                router = APIRouter(prefix="/auth", dependencies=[Depends(throttle)])
                plain = APIRouter()

                @router.post("/login")
                def login(): ...

                @plain.post("/orders")
                def order(): ...

                @plain.get("/login")
                def form(): ...
            """,
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const router = express.Router();

                router.post('/login', login);
                router.post('/password-reset', reset);
            """,
        ),
    ],
)
def check(file: CodeFile, _: None) -> Iterator[Finding]:
    yield from (found for _, found in compared(file, "rate limits", _compare))


def _compare(table: list[Route]) -> Iterator[tuple[Route, Finding]]:
    limited = next((route for route in table if _is_limited(route)), None)
    if limited is None:
        return
    for route in table:
        one = route.endpoint
        if one.method not in ("POST", "PUT", "PATCH") or _is_limited(route):
            continue
        if _GUESSED.search(route.words):
            there = Related(limited.endpoint.span, "limited", limited.endpoint.home)
            yield (
                route,
                Finding(
                    one.span,
                    f"no rate limit, which `{limited.endpoint.method} {limited.endpoint.path}` has",
                    related=(there,) if limited.endpoint.home else (),
                ),
            )


def _is_limited(route: Route) -> bool:
    return any(LIMITS.search(guard) for guard in route.endpoint.guards)
