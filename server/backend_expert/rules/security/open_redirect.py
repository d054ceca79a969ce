"""A redirect to an address from the request lends your name to a phishing page.

Redirect to paths of your own only: refuse what has a scheme or a host, and what starts with `//`
or a backslash, which browsers take for a host as well. (OWASP ASVS 5.0 V3.7.2, CWE-601.)

Leave it off where sending people elsewhere is the feature, as in a link shortener with its own
warning page.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Branch,
    Call,
    Choice,
    Expression,
    Fragment,
    Function,
    Member,
    Name,
    Node,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.text.pattern import pattern

# Helpers that look at a target before it is used.
_CHECKS = pattern(
    r"safe\w*(url|redirect|return|next|path|host)|(url|redirect|host)\w*(safe|allowed|valid)"
    r"|(valid|allowed|sanit|clean|check|verif)\w*(url|redirect|return|host)",
    re.IGNORECASE,
)
_SAME_HOST = pattern(r"^[`\"'f]*https?://(\$?\{)?\w+\.(hostname|host|get_host\(\)|get\(.host.\))")


@rule(
    title="Redirect to an address that a caller chooses",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(601,),
    sources=("gosec G710", "brakeman Redirect"),
    tags=("injection",),
    needs=("sink.redirect",),
    examples=[
        Example(
            bad="""
                from flask import Flask, redirect, request

                app = Flask(__name__)

                @app.get("/login")
                def login():
                    return redirect(request.args.get("next", "/"))
                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ untrusted query string decides where the caller is sent
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const app = express();

                app.get('/login', (req, res) => {
                  res.redirect(req.query.next);
                               ^^^^^^^^^^^^^^ untrusted query string decides where the caller is sent
                });
            """,
        ),
        Example(
            good="""
                from flask import Flask, redirect, request

                app = Flask(__name__)

                @app.get("/orders/old")
                def moved():
                    return redirect("/orders/" + request.args["id"])
            """,
        ),
        Example(
            good="""
                from django.http import HttpRequest, HttpResponseRedirect

                def again(request: HttpRequest):
                    return HttpResponseRedirect(request.get_full_path())
            """,
        ),
        Example(
            good="""
                from flask import Flask, redirect, request, url_for
                from shop.links import allow_redirect, leads_to_us

                app = Flask(__name__)
                PREFIX = app.config["PREFIX"]

                @app.get("/login")
                def login():
                    if request.args.get("next") and leads_to_us(request.args.get("next")):
                        return redirect(request.args.get("next"))
                    return redirect(f"{PREFIX}/groups/{request.args['group']}")

                @app.get("/back")
                def back():
                    url = url_for("orders")
                    url += request.headers.get("Referer", "").partition("?")[2]
                    return redirect(url)

                @app.get("/next")
                def next_page():
                    url = request.args["next"]
                    return redirect(url if allow_redirect(url) else "/")
            """,
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const router = express.Router();

                router.all('/*', (req, res, next) => {
                  if (req.secure) return next();
                  return res.redirect(`https://${req.hostname}${req.originalUrl}`);
                });

                router.get('/couriers', (req, res) => {
                  const asked = new URLSearchParams(req.query).toString();
                  const query = asked ? `?${asked}` : '';
                  return res.redirect(`/${res.locals.language}/couriers${query}`);
                });

                router.get('/back', (req, res) => {
                  const next = req.query.next;
                  const isOurs = next && next.startsWith('/') && !next.startsWith('//');
                  return isOurs ? res.redirect(next) : res.redirect('/');
                });
            """,
        ),
        Example(
            good="""
                from django.http import HttpResponseRedirect
                from shop.urls import safe_return_url

                def done(request):
                    target = safe_return_url(request.GET.get("next"))
                    return HttpResponseRedirect(target)
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    for hit in ctx.hits(call, "sink.redirect", sink="url"):
        if _is_checked(call, ctx):
            continue
        if hit.origin.label in ("request path", "cookie"):
            continue  # back to the same page; or where we have told the browser to come back to
        if _is_ours(hit.argument, ctx) or _is_tested(hit.argument, ctx):
            continue
        if _is_same_host(hit.argument, ctx):
            continue
        yield Finding(
            hit.argument.span,
            f"untrusted {hit.origin.label} decides where the caller is sent",
            related=hit.related,
        )


def _is_checked(call: Call, ctx: Context) -> bool:
    """Whether a helper named for it has looked at the target before, `safe_return_url(next)`."""
    function = ctx.function(call)
    return function is not None and any(
        isinstance(node, Call) and (_CHECKS.search(node.method) or _looks(node, ctx))
        for node in walk(function)
    )


def _looks(call: Call, ctx: Context) -> bool:
    """Whether a function that is called looks at the target itself, `next_url(request)`."""
    site = ctx.site(call)
    called = site.callee.node if site is not None else None
    return isinstance(called, Function) and any(
        isinstance(node, Call) and _CHECKS.search(node.method) for node in walk(called)
    )


def _is_same_host(target: Expression, ctx: Context) -> bool:
    """Whether it leads back to the host that was asked for: `https://${req.hostname}/…`."""
    return _SAME_HOST.search(ctx.source(target)) is not None


def _is_ours(target: Expression, ctx: Context) -> bool:
    """Whether the target begins with something of ours, so that the host is settled."""
    parts = ctx.value(target).parts
    if not parts:
        return isinstance(target, Name) and _is_appended_to(target, ctx)
    before = ""
    for part in parts:
        if isinstance(part, Fragment):
            before += part.value
        elif ctx.value(part.value).untrusted("url") is None:
            before += "x"
        else:
            break
    if len(before) > 1:
        return not before.endswith("://") and not before.startswith("//")
    return before == "x" or (isinstance(target, Name) and _is_appended_to(target, ctx))


def _is_appended_to(target: Name, ctx: Context) -> bool:
    """Whether a variable begins as something of ours, and what came in was put behind it."""
    function = ctx.function(target)
    assigns = [
        node
        for node in walk(function or target)
        if isinstance(node, Assign)
        and isinstance(first := node.targets[0], Name)
        and first.id == target.id
    ]
    plain = [node.value for node in assigns if not node.operator and node.value is not None]
    return len(assigns) > len(plain) > 0 and not any(_leads_away(v, ctx) for v in plain)


def _leads_away(value: Expression, ctx: Context) -> bool:
    origin = ctx.value(value).untrusted("url")
    return origin is not None and origin.label != "request path"


def _is_tested(target: Expression, ctx: Context) -> bool:
    """Whether the very expression was handed to a check: `if is_ours(args.get("next")): …`."""
    source = ctx.source(target)
    below: Node = target
    for above in ctx.ancestors(target):
        then = (
            above.then
            if isinstance(above, Branch)
            else (above.then,)
            if isinstance(above, Choice)
            else ()
        )
        if isinstance(above, Branch | Choice) and any(below is part for part in then):
            if _asks_about(above.test, source, ctx):
                return True
            if any(_asks_about(value, source, ctx) for value in _kept(above.test, ctx)):
                return True
        below = above
    return False


def _asks_about(test: Node, source: str, ctx: Context) -> bool:
    """Whether a call in it is given the expression, or is a method of it."""
    for node in walk(test):
        if isinstance(node, Call):
            if any(ctx.source(argument) == source for argument in node.arguments):
                return True
            if isinstance(node.callee, Member) and ctx.source(node.callee.object) == source:
                return True
    return False


def _kept(test: Node, ctx: Context) -> Iterator[Expression]:
    """What the variables of a test were set to: `const isOurs = next.startsWith("/")`."""
    names = {node.id for node in walk(test) if isinstance(node, Name)}
    function = ctx.function(test)
    for node in walk(function) if function is not None else ():
        if isinstance(node, Assign) and node.value is not None:
            targets = {target.id for target in node.targets if isinstance(target, Name)}
            yield from () if names.isdisjoint(targets) else (node.value,)
