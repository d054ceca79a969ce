"""A redirect to an address from the request lends your name to a phishing page.

Redirect to paths of your own only: refuse what has a scheme or a host, and what starts with `//`
or a backslash, which browsers take for a host as well. (OWASP ASVS 5.0 V3.7.2, CWE-601.)

Leave it off where sending people elsewhere is the feature, as in a link shortener with its own
warning page.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Fragment
from backend_expert.lint import Context, Example, Finding, Severity, rule


@rule(
    title="Redirect to an address that a caller chooses",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(601,),
    sources=("gosec G710", "brakeman Redirect"),
    tags=("injection",),
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
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    for hit in ctx.hits(call, "sink.redirect", sink="url"):
        if hit.origin.label == "request path":
            continue  # back to the same page: the host is this one
        parts = ctx.value(hit.argument).parts
        start = parts[0].value if parts and isinstance(parts[0], Fragment) else ""
        if len(start) > 1 and not start.endswith("://"):
            continue
        yield Finding(
            hit.argument.span,
            f"untrusted {hit.origin.label} decides where the caller is sent",
            related=hit.related,
        )
