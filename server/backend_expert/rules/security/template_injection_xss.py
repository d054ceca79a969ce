"""Markup that a caller can write runs as script in the browser of whoever opens the page.

And a *template* that a caller can write runs on the server. Give the value to a template as data
and let it escape; answer plain values as JSON or `text/plain`. Where people may write markup, clean
it with a sanitizer that keeps a list of what is allowed. (OWASP ASVS 5.0 V1.2.1, CWE-79, CWE-94.)

Leave it off where the text was cleaned before it was stored and the cleaning cannot be seen here.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Fragment, Function, Name, Node, Return, walk
from backend_expert.flow.value import Value
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.context import Hit
from backend_expert.text.pattern import pattern

_OTHER_TYPE = pattern(r"text/(?!html)\w+|application/|image/")
_MARKUP = pattern(r"<[a-zA-Z!/]")


@rule(
    title="Untrusted text as markup or template",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(79, 94),
    sources=("bandit B703", "ruff S308", "Sonar S5131", "brakeman XSS", "gosec G203"),
    tags=("injection",),
    peers=("S308", "B308", "B703"),
    in_scripts=False,
    needs=("sink.template", "sink.html"),
    beside=("untrusted",),
    examples=[
        Example(
            bad="""
                from flask import Flask, render_template_string, request
                from markupsafe import Markup

                app = Flask(__name__)

                @app.get("/hello")
                def hello():
                    name = request.args["name"]
                    page = render_template_string("Hello " + name)
                                                  ^^^^^^^^^^^^^^^ untrusted query string is run as a template
                    note = Markup(f"<i>{name}</i>")
                                  ^^^^^^^^^^^^^^^^ untrusted query string goes into the page unescaped
                    return page + note

                @app.get("/bye")
                def bye():
                    return f"<h1>Bye {request.args['name']}</h1>"
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ untrusted query string goes into the page unescaped
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const ejs = require('ejs');
                const app = express();

                app.get('/hello', (req, res) => {
                  if (req.query.plain) return res.send('Hello ' + req.query.name);
                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^ untrusted query string goes into the page unescaped
                  res.send(ejs.render(req.query.layout, { name: req.query.name }));
                                      ^^^^^^^^^^^^^^^^ untrusted query string is run as a template
                });
            """,
        ),
        Example(
            good="""
                from flask import Flask, make_response, render_template_string, request
                from markupsafe import escape

                app = Flask(__name__)

                @app.get("/hello")
                def hello():
                    name = request.args["name"]
                    if request.args.get("short"):
                        return f"<h1>{escape(name)}</h1>"
                    if "json" in request.args:
                        return {"name": name}
                    if "plain" in request.args:
                        return app.response_class(f"<{name}>", mimetype="text/plain")
                    return render_template_string("Hello {{ name }}", name=name)

                @app.get("/debug")
                def debug():
                    response = make_response(f"asked for {request.args['name']}")
                    response.mimetype = "text/plain"
                    return response
            """
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const escapeHtml = require('escape-html');
                const app = express();

                app.get('/hello', (req, res) => {
                  res.json({ name: req.query.name });
                });
                app.get('/bye', (req, res) => {
                  res.send(`<p>${escapeHtml(req.query.name)}</p>`);
                });
                app.get('/echo', (req, res) => {
                  res.type('text/plain').send('You said ' + req.query.name);
                });
                app.post('/echo', (req, res) => {
                  res.send({ said: req.body.name });
                });
            """,
        ),
    ],
)  # fmt: skip
def check(fact: Call | Function, ctx: Context) -> Iterator[Finding]:
    if isinstance(fact, Function):
        yield from _answered(fact, ctx)
        return
    for hit in ctx.hits(fact, "sink.template", sink="html"):
        words = f"untrusted {hit.origin.label} is run as a template"
        yield Finding(hit.argument.span, words, related=hit.related)
    for hit in ctx.hits(fact, "sink.html", sink="html"):
        if _is_page(hit, ctx):
            words = f"untrusted {hit.origin.label} goes into the page unescaped"
            yield Finding(hit.argument.span, words, related=hit.related)


def _is_page(hit: Hit, ctx: Context) -> bool:
    """Whether what is sent is known to be shown as markup."""
    if hit.meaning is None:
        return False
    kind = ctx.option(hit.call, hit.meaning, "content_type")
    set_before = _type_set(hit.call, ctx)
    if kind.hidden or set_before is not None:
        return not kind.hidden and "html" in (set_before or "")
    if hit.meaning.has("if-typed"):
        return False
    if kind.value is not None:
        return "html" in (ctx.text_of(kind.value) or "")
    value = ctx.value(hit.argument)
    if hit.meaning.has("if-html"):
        return _has_markup(value)
    if not hit.meaning.has("if-text"):
        return True
    return value.parts is not None and not _says_other_type(hit.call, ctx)


def _says_other_type(node: Node, ctx: Context) -> bool:
    """Whether the function speaks of another type of answer than a page."""
    function = ctx.function(node)
    return function is not None and bool(_OTHER_TYPE.search(ctx.source(function)))


def _type_set(call: Call, ctx: Context) -> str | None:
    """`res.type("text/plain").send(…)`: the type that is set somewhere in the chain."""
    receiver = getattr(call.callee, "object", None)
    while isinstance(receiver, Call):
        if receiver.method in ("type", "contentType", "set", "header", "setHeader", "format"):
            return " ".join(ctx.text_of(argument.value) or "" for argument in receiver.arguments)
        receiver = getattr(receiver.callee, "object", None)
    return None


def _has_markup(value: Value) -> bool:
    return any(
        isinstance(part, Fragment) and _MARKUP.search(part.value) for part in value.parts or ()
    )


def _answered(function: Function, ctx: Context) -> Iterator[Finding]:
    """A handler's returned text, where the framework answers it as a page."""
    if not any(_shows_text(decorator, ctx) for decorator in function.decorators):
        return
    for node in walk(function):
        if not isinstance(node, Return) or node.value is None:
            continue
        value = ctx.value(node.value)
        origin = value.untrusted("html")
        is_made = isinstance(node.value, Name | Call)  # then its own call is looked at
        if origin is not None and value.parts and not is_made and ctx.function(node) is function:
            words = f"untrusted {origin.label} goes into the page unescaped"
            yield Finding(node.value.span, words, related=ctx.born(origin))


def _shows_text(decorator: object, ctx: Context) -> bool:
    meaning = ctx.meaning(decorator, "endpoint") if isinstance(decorator, Call) else None
    if meaning is None or not isinstance(decorator, Call):
        return False
    answer = ctx.option(decorator, meaning, "answer").value
    if answer is not None:
        made = ctx.file.flow.catalogue.calls(ctx.name(answer))
        return any(one.has("html") for one in made)
    return meaning.has("text-is-html")
