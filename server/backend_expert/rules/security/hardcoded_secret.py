"""A secret in the code is a secret of everyone who ever sees the code, a backup or the image.

It stays in the history of the repository after it was deleted, and it cannot differ between
environments. Read it from the environment or a secret store, and change the one that was committed:
it must be taken for known. (OWASP ASVS 5.0 V13.3.1, CWE-798.)

Leave it off where the value only looks like a secret, such as a public key id that an interface
asks for; a comment there that says so helps the next reader.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Argument,
    Assign,
    Call,
    Collection,
    Entry,
    Expression,
    Index,
    Member,
    Name,
    Node,
    Operation,
    Parameter,
    Text,
)
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.deployment import is_for_development
from backend_expert.lint.secrets import (
    is_password,
    is_placeholder,
    is_random,
    password_in_address,
    provider_format,
)
from backend_expert.lint.sensitive import kind_of, spelling, words
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

_CONNECTS = (
    "sql.connect", "client", "http.client", "http.request", "queue.connect", "secret", "tls",
    "resource",
)  # fmt: skip
_SINKS = ("secret", "jwt.sign", "jwt.verify")

_CUT = pattern(r"[\"']\s*\+?\s*[\"']")
_OPENS_NOTHING = pattern(
    r"not (a )?(real|valid|live)|fake|dummy|random|made[- ]up|revoked|expired", re.IGNORECASE
)
_ON_PURPOSE = pattern(r"purpose|intentional|false[- ]positive", re.IGNORECASE)
_MADE_UP = pattern(r"^_?(test|dummy|fake|mock|example|sample|demo)(_|[A-Z])|^(TEST|DUMMY|FAKE)_")


@rule(
    title="Secret in the code",
    severity=Severity.ERROR,
    languages=("python", "javascript"),
    cwe=(798,),
    sources=("bandit B105", "ruff S105", "gosec G101", "Sonar S6418", "gitleaks"),
    peers=("S105", "S106", "S107", "B105", "B106", "B107"),
    in_tests=True,
    in_migrations=True,
    in_merged=True,
    examples=[
        Example(
            bad="""
                import os

                JWT_SECRET = "hG7vQ2-xk9Zt4LmR8wPb3NcY6sDf1JaE"
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `JWT_SECRET` stands here for everyone to read
                DEBUG = bool(os.environ.get("DEBUG"))
            """,
            good="""
                import os

                JWT_SECRET = os.environ["JWT_SECRET"]
                DEBUG = bool(os.environ.get("DEBUG"))
            """,
        ),
        Example(
            bad="""
                import psycopg

                pool = psycopg.connect(host="db.shop.example.org", password="hunter2hunter3")
                                                                            ^^^^^^^^^^^^^^^^ `password` stands here for everyone to read
            """,
        ),
        Example(
            path="tests/test_upload.py",
            bad="""
                def test_upload(client):
                    client.sign_in("AKIA" "Q3ZTUWB7VX5OMD2R")
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^ this AWS access key stands here for everyone to read
            """,
        ),
        Example(
            language="javascript",
            bad="""
                export const config = {
                  databaseUrl: process.env.DATABASE_URL,
                  serviceKey: 'nv-4kTz81QmWc7yRb0XeUu5HsLo29PdGj',
                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `serviceKey` stands here for everyone to read
                };
            """,
            good="""
                export const config = {
                  databaseUrl: process.env.DATABASE_URL,
                  serviceKey: process.env.SERVICE_KEY,
                };
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const session = require('express-session');
                const express = require('express');
                const app = express();
                app.use(session({ secret: 'keyboard cat' }));
                                          ^^^^^^^^^^^^^^ this secret stands here for everyone to read
            """,
            good="""
                const session = require('express-session');
                const express = require('express');
                const app = express();
                app.use(session({ secret: process.env.SESSION_SECRET }));
            """,
        ),
        Example(
            good="""
                import os

                PASSWORD_FIELD = "password"
                RESET_PASSWORD = "reset_password_2"
                API_KEY_HEADER = "X-Api-Key"
                SECRET_KEY = os.environ.get("SECRET_KEY") or "hard to guess string 1234567"
                TOKEN_URL = "/api/v2/access-token"
                DATABASE_URL = "postgresql://shop:hunter2@localhost/shop"
                COMPASS = "n0rth-by-n0rthwest-4Tz81QmWc7yRb0"
            """
        ),
        Example(
            good="""
                POSTHOG_API_KEY = "phc_4kTz81QmWc7yRb0XeUu5oP2sVnA9dLhGJfKq3iE6tYw"
                TENANT_API_KEY = "3f0c1de2-8a4b-4c7d-9f3a-5f0b7f2f7a11"  # an id
                API_KEY = "your-api-key-4kTz81QmWc7yRb0XeUu5"
                MESSAGES = {"password": "Your password has expired"}
                ALICE = User(name="Alice", password="alice123")
                LOCAL = "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
                ACCESS_TOKEN = "oauth2_access_token_v2"
            """
        ),
        Example(
            path="tests/test_tokens.py",
            good="""
                def leaked():
                    # Cut on purpose, so that no scanner takes it for a live one.
                    return (
                        "py"
                        "pi-AgEIcHlwaS5vcmcCJGQ0ZDhhNzA2LTUxYTEtNDg0NC1hNDlmLTEyZDRiYzNkYjZmOQAABiX"
                    )
            """,
        ),
        Example(
            path="tests/test_auth.py",
            good="""
                def test_sign_in(client):
                    client.post("/login", json={"password": "hunter2hunter3"})
            """,
        ),
    ],
)
def check(text: Text, ctx: Context) -> Iterator[Finding]:
    value = text.value
    if value is None or len(value) < 4:
        return
    known = provider_format(value)
    name = _name(text, ctx)
    kind = kind_of(name)
    if not known and not kind and "://" not in value and ctx.reading.roles.isdisjoint(_SINKS):
        return
    is_for_tests = ctx.file.is_test or is_for_development(ctx.file.path)
    if known and not (
        is_for_tests and (known == "private key" or _is_cut(text, ctx) or _is_said(text, ctx))
    ):
        yield _finding(text, f"this {known}", name, ctx)
        return
    if is_for_tests or _MADE_UP.search(name):
        return
    if kind and _is_secret(value, kind, _is_taken(text, ctx)):
        yield _finding(text, f"`{name}`", name, ctx)
    elif password_in_address(value):
        yield _finding(text, "the password in this address", "", ctx)
    elif " " not in value.strip() or len(value) < 40:
        sink = _sink(text, ctx)
        if sink is not None and not is_placeholder(value):
            yield _finding(text, "this secret", _name_at(sink, name), ctx)


def _is_cut(text: Text, ctx: Context) -> bool:
    """Whether it is written in pieces, and a comment says that it is so on purpose."""
    is_cut = _CUT.search(ctx.source(text)[1:-1]) is not None
    return is_cut and _ON_PURPOSE.search(ctx.text) is not None


def _is_said(text: Text, ctx: Context) -> bool:
    """Whether the comment beside it or right above says that it opens nothing."""
    line = ctx.text.rfind("\n", 0, text.span.start)
    above = ctx.text.rfind("\n", 0, max(line, 0))
    around = Span(above + 1, (ctx.text + "\n").find("\n", text.span.end))
    return any(
        around.covers(comment.span) and _OPENS_NOTHING.search(comment.text)
        for comment in ctx.item.comments
    )


def _is_secret(value: str, kind: str, is_taken: bool) -> bool:
    bare = value.removeprefix("Bearer ").removeprefix("Basic ")
    return is_random(bare) or (kind == "password" and is_taken and is_password(bare))


def _is_taken(text: Text, ctx: Context) -> bool:
    """Whether a password is kept for use, or given to what signs in with it.

    `User(password="alice123")` makes a row, not a connection.
    """
    argument = ctx.parent(text)
    call = ctx.parent(argument) if isinstance(argument, Argument) else None
    return not isinstance(call, Call) or ctx.meaning(call, *_CONNECTS) is not None


def _finding(text: Text, what: str, name: str, ctx: Context) -> Finding:
    message = f"{what} stands here for everyone to read"
    return Finding(text.span, message, _fix(text, name, ctx) if name else None)


def _fix(text: Text, name: str, ctx: Context) -> Fix | None:
    if ctx.file.is_test or text.is_bytes or isinstance(ctx.parent(text), Operation):
        return None
    variable = "_".join(words(name)).upper()
    if ctx.is_python:
        code, imports = f'os.environ["{variable}"]', ("import os",)
    else:
        code, imports = f"process.env.{variable}", ()
    edit = ctx.replace(text, code)
    return Fix(f"Read it from the environment as {variable}", (edit,), imports, is_sure=False)


def _name(text: Text, ctx: Context) -> str:
    """The name under which the text is kept or handed over, looking through `.encode()`."""
    node: Node = text
    above = ctx.parent(node)
    while isinstance(above, Member) or (isinstance(above, Argument) and above.name is None):
        call = ctx.parent(above)
        if not isinstance(call, Call) or not _only_wraps(call, above, ctx):
            return ""
        node, above = call, ctx.parent(call)
    if isinstance(above, Assign):
        return _target(above.targets[0]) if not above.operator else ""
    if isinstance(above, Entry):
        return _key(above, ctx) if above.value is node else ""
    if isinstance(above, Argument | Parameter):
        return above.name or ""
    if isinstance(above, Operation) and above.operator in ("==", "!="):
        return next((s for o in above.operands if (s := spelling(o))), "")
    return ""


def _only_wraps(call: Call, part: Node, ctx: Context) -> bool:
    if isinstance(part, Member):
        return part.name in ("encode", "strip")
    return ctx.meaning(call, "sanitizer.log", "passes") is not None


def _target(target: Expression) -> str:
    if isinstance(target, Name):
        return target.id
    if isinstance(target, Member):
        return target.name
    if isinstance(target, Index) and isinstance(target.key, Text):
        return target.key.value or ""
    return ""


def _key(entry: Entry, ctx: Context) -> str:
    key = entry.key.value if isinstance(entry.key, Text) else None
    holder = ctx.parent(entry)
    if key == "pass" and isinstance(holder, Collection) and holder.get("user") is not None:
        return "user_pass"
    return key or ""


def _sink(text: Text, ctx: Context) -> str | None:
    """The last word of the callee that takes the text as its secret."""
    call = ctx.enclosing(text, Call)
    if not isinstance(call, Call):
        return None
    site = ctx.site(call)
    for meaning in site.meanings if site else ():
        if meaning.role not in _SINKS:
            continue
        taken = (
            ctx.subject(call, meaning)
            if meaning.role == "secret"
            else ctx.option(call, meaning, "key").value
        )
        if taken is text:
            return words(ctx.called(call))[-1]
    return None


def _name_at(sink: str, name: str) -> str:
    """`SESSION_SECRET` for the `secret` of a session."""
    return name if len(words(name)) > 1 else f"{sink}_{name or 'secret'}"
