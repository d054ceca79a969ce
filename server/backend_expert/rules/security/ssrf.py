"""A URL that a caller can write makes this server knock on any door: the cloud's metadata address,
the admin port of a neighbour, `file:` and `gopher:` where the client speaks them.

Keep scheme and host fixed and let callers choose a path or an id; where they must name a host,
check it against a list after parsing, refuse private addresses after resolving the name, and follow
no redirects. (OWASP ASVS 5.0 V1.3.6, CWE-918.)

Leave it off where calling any address is the feature and an egress proxy holds the list.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Collection, Expression
from backend_expert.flow.urls import host_is_fixed
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.settled import has_fixed_host, is_looked_at, is_settled


@rule(
    title="Request to an address that a caller chooses",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(918,),
    sources=("gosec G107",),
    tags=("injection",),
    in_scripts=False,
    needs=("http.request",),
    examples=[
        Example(
            bad="""
                import requests
                from flask import Flask, request

                app = Flask(__name__)

                @app.post("/import")
                def pull():
                    return requests.get(request.form["url"], timeout=5).text
                                        ^^^^^^^^^^^^^^^^^^^ untrusted request body decides which host is called
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const axios = require('axios');
                const express = require('express');
                const app = express();

                app.post('/import', async (req, res) => {
                  const answer = await axios.get(`https://${req.body.host}/feed`, { timeout: 5000 });
                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ untrusted request body decides which host is called
                  res.json(answer.data);
                });
            """,
        ),
        Example(
            good="""
                import requests
                from flask import Flask, request

                app = Flask(__name__)

                @app.get("/rates")
                def rates():
                    code = request.args["code"]
                    return requests.get(f"https://rates.example/v1/{code}", timeout=5).text
            """,
        ),
        Example(
            good="""
                import requests
                from flask import Flask, request

                app = Flask(__name__)
                RATES = "rates.example"

                def rate(code, day):
                    return requests.get(f"https://{RATES}/v1/{code}?day={day}", timeout=5).text

                @app.get("/rate")
                def shown():
                    return rate(request.args["code"], request.args["day"])
            """,
        ),
        Example(
            good="""
                import requests
                from flask import Flask, abort, request

                app = Flask(__name__)
                FEEDS = {"news": "https://news.example/feed"}

                @app.get("/feed")
                def feed():
                    return requests.get(FEEDS[request.args["name"]], timeout=5).text
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    for hit in ctx.hits(call, "http.request", sink="url"):
        if is_looked_at(hit, ctx) or is_settled(hit, ctx, has_fixed_host):
            continue
        address = _address(hit.argument)
        if not _came_in(address, ctx):
            continue
        if not host_is_fixed(ctx.value(address), lambda part: _came_in(part, ctx)):
            yield Finding(
                address.span,
                f"untrusted {hit.origin.label} decides which host is called",
                related=hit.related,
            )


def _came_in(part: Expression, ctx: Context) -> bool:
    return ctx.value(part).untrusted("url") is not None


def _address(argument: Expression) -> Expression:
    """Where a request goes, of options that are written out: `{ url, method, json }`."""
    if isinstance(argument, Collection):
        for name in ("url", "uri", "baseURL", "hostname", "host"):
            found = argument.get(name)
            if found is not None:
                return found
    return argument
