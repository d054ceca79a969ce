"""A session cookie without its flags is read by scripts, sent in the clear, or used by other sites.

`HttpOnly` keeps it from scripts that got into a page, `Secure` from connections that anyone can
read, and `SameSite` from requests that other websites make in the visitor's name. A cookie that
signs someone in wants all three. (OWASP ASVS 5.0 V3.3, CWE-614, CWE-1004.)

Leave it off where a proxy in front adds the flags.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Collection
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.deployment import is_behind_switch, is_for_development
from backend_expert.lint.sensitive import words
from backend_expert.technologies.catalogue import Meaning
from backend_expert.text.edit import Edit

_SIGNS_IN = frozenset(
    ("session", "sessionid", "sess", "sid", "token", "jwt", "auth", "authorization", "remember")
) | frozenset(("accesstoken", "refreshtoken", "access", "refresh", "login", "identity"))
_OTHERS = frozenset(
    ("csrf", "xsrf", "csrftoken", "redirect", "theme", "lang", "locale", "consent", "public")
)
_FLAGS = {"httponly": "HttpOnly", "secure": "Secure", "samesite": "SameSite"}


@rule(
    title="Session cookie without its flags",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(614, 1004, 1275),
    sources=("Sonar S2092", "Sonar S3330", "gosec G124"),
    needs=("cookie",),
    examples=[
        Example(
            bad="""
                from flask import Flask, make_response

                app = Flask(__name__)

                @app.post("/login")
                def login():
                    response = make_response({"ok": True})
                    response.set_cookie("session", new_session())
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this cookie signs someone in and lacks HttpOnly, Secure, SameSite
                    response.set_cookie("auth_token", new_token(), httponly=True, secure=False, samesite="Lax")
                                                                                         ^^^^^ this cookie signs someone in and lacks Secure
                    return response
            """,
            good="""
                from flask import Flask, make_response

                app = Flask(__name__)

                @app.post("/login")
                def login():
                    response = make_response({"ok": True})
                    response.set_cookie("session", new_session(), httponly=True, secure=True, samesite="Lax")
                    response.set_cookie("auth_token", new_token(), httponly=True, secure=True, samesite="Lax")
                    return response
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const app = express();

                app.post('/login', (req, res) => {
                  res.cookie('refreshToken', issue(), { httpOnly: true });
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this cookie signs someone in and lacks Secure, SameSite
                  res.sendStatus(204);
                });
            """,
            good="""
                const express = require('express');
                const app = express();

                app.post('/login', (req, res) => {
                  res.cookie('refreshToken', issue(), { httpOnly: true, secure: true, sameSite: 'lax' });
                  res.sendStatus(204);
                });
            """,
        ),
        Example(
            good="""
                from flask import Flask, make_response
                from shop.settings import settings

                app = Flask(__name__)

                @app.post("/login")
                def login():
                    response = make_response({"ok": True})
                    response.set_cookie("session", new(), httponly=True, secure=settings.https, samesite="Lax")
                    response.set_cookie("session", new(), **settings.cookie)
                    response.set_cookie("csrf_token", new())
                    response.set_cookie("theme", "dark")
                    response.set_cookie("session", "", max_age=0)
                    return response
            """
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const { cookieOptions } = require('./config');
                const app = express();

                app.post('/login', (req, res) => {
                  res.cookie('refreshToken', issue(), cookieOptions);
                  res.cookie('XSRF-TOKEN', issue());
                  res.sendStatus(204);
                });
            """,
        ),
        Example(
            language="javascript",
            good="""
                const Koa = require('koa');
                const app = new Koa();

                app.use(async (ctx) => {
                  // Koa adds HttpOnly, and Secure where the request came over TLS.
                  ctx.cookies.set('session', await issue(), { sameSite: 'lax' });
                });
            """,
        ),
        Example(
            good="""
                from fastapi import FastAPI, Response

                app = FastAPI()

                @app.post("/logout")
                def logout(response: Response):
                    response.set_cookie("is_session_over", "true")
            """,
        ),
    ],
)  # fmt: skip
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "cookie")
    if meaning is None or not _signs_in(call, meaning, ctx):
        return
    missing: list[str] = []
    off: list[Edit] = []
    for flag in _FLAGS:
        option = ctx.option(call, meaning, flag)
        if option.value is None:
            by_default = meaning.has(f"{flag}-by-default")
            if not option.hidden and not by_default and not meaning.has("session"):
                missing.append(flag)
        elif ctx.is_constant(option.value, False):
            off.append(ctx.replace(option.value, "True" if ctx.is_python else "true"))
            missing.append(flag)
    if not missing or is_for_development(ctx.file.path) or is_behind_switch(call, ctx):
        return
    lacks = ", ".join(_FLAGS[flag] for flag in missing)
    message = f"this cookie signs someone in and lacks {lacks}"
    place = off[0].span if len(off) == len(missing) == 1 else call.span
    yield Finding(place, message, _fix(call, meaning, missing, off, ctx))


def _signs_in(call: Call, meaning: Meaning, ctx: Context) -> bool:
    if meaning.has("session"):
        return True
    subject = ctx.subject(call, meaning)
    name = ctx.text_of(subject) if subject is not None else None
    parts = set(words(name or ""))
    if parts.isdisjoint(_SIGNS_IN) or not parts.isdisjoint(_OTHERS):
        return False
    value = ctx.slot(call, meaning.entry.values).value
    if value is None:
        return True
    return ctx.text_of(value) is None and not ctx.is_constant(value, None)  # a flag, or taken away


def _fix(
    call: Call, meaning: Meaning, missing: list[str], off: list[Edit], ctx: Context
) -> Fix | None:
    edits = list(off)
    added = [flag for flag in missing if ctx.option(call, meaning, flag).value is None]
    if added and ctx.is_python:
        given = {"httponly": "httponly=True", "secure": "secure=True", "samesite": 'samesite="Lax"'}
        edits.append(ctx.with_argument(call, ", ".join(given[flag] for flag in added)))
    elif added:
        given = {
            "httponly": "httpOnly: true",
            "secure": "secure: true",
            "samesite": "sameSite: 'lax'",
        }
        text = ", ".join(given[flag] for flag in added)
        last = call.arguments[-1].value
        if len(call.arguments) == 2:
            edits.append(ctx.with_argument(call, f"{{ {text} }}"))
        elif isinstance(last, Collection) and last.entries:
            end = last.entries[-1].span
            edits.append(ctx.replace(end, f"{ctx.source(end)}, {text}"))
        else:
            return None
    return Fix("Add the flags", tuple(edits), is_sure=False)
