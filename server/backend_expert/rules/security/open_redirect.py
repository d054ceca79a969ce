"""A redirect to an address from the request lends your name to a phishing page.

Redirect to paths of your own only: refuse what has a scheme or a host, and what starts with `//`
or a backslash, which browsers take for a host as well. (OWASP ASVS 5.0 V3.7.2, CWE-601.)

Leave it off where sending people elsewhere is the feature, as in a link shortener with its own
warning page.
"""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Branch,
    Call,
    Expression,
    Fragment,
    Name,
    Node,
    walk,
)
from backend_expert.lint import Context, Example, Finding, Severity, rule


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
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    for hit in ctx.hits(call, "sink.redirect", sink="url"):
        if hit.origin.label == "request path":
            continue  # back to the same page: the host is this one
        if _is_ours(hit.argument, ctx) or _is_tested(hit.argument, ctx):
            continue
        yield Finding(
            hit.argument.span,
            f"untrusted {hit.origin.label} decides where the caller is sent",
            related=hit.related,
        )


def _is_ours(target: Expression, ctx: Context) -> bool:
    """Whether the target begins with something of ours, so that the host is settled."""
    parts = ctx.value(target).parts
    if not parts:
        return isinstance(target, Name) and _is_appended_to(target, ctx)
    first = parts[0]
    if isinstance(first, Fragment):
        return len(first.value) > 1 and not first.value.endswith("://")
    return len(parts) > 1 and ctx.value(first.value).untrusted("url") is None


def _is_appended_to(target: Name, ctx: Context) -> bool:
    """Whether a variable begins as something of ours, and what came in was put behind it."""
    function = ctx.function(target)
    assigns = [
        node
        for node in walk(function or target)
        if isinstance(node, Assign)
        and any(isinstance(t, Name) and t.id == target.id for t in node.targets)
    ]
    plain = [node.value for node in assigns if not node.operator and node.value is not None]
    return len(assigns) > len(plain) > 0 and not any(ctx.value(v).untrusted("url") for v in plain)


def _is_tested(target: Expression, ctx: Context) -> bool:
    """Whether the very expression was handed to a check: `if is_ours(args.get("next")): …`."""
    if not isinstance(target, Call):
        return False
    source = ctx.source(target)
    below: Node = target
    for above in ctx.ancestors(target):
        if isinstance(above, Branch) and any(below is statement for statement in above.then):
            for node in walk(above.test):
                if isinstance(node, Call) and any(ctx.source(a) == source for a in node.arguments):
                    return True
        below = above
    return False
