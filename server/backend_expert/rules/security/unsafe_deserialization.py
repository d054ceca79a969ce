"""Some formats carry instructions, not only data: who sends a pickle runs code in your process.

Exchange JSON (or another format that can only hold values) and check it against a schema. YAML has
a safe loader. XML from outside needs a parser with entities switched off, or one file becomes a
reader of all files. (OWASP ASVS 5.0 V1.5.2, CWE-502, CWE-611.)

Leave it off where the bytes were signed by yourself and the signature is checked before.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Fragment, Function, walk
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.context import Hit
from backend_expert.lint.sinks import untrusted


@rule(
    title="Untrusted bytes turned into objects",
    severity=Severity.ERROR,
    languages=("python", "javascript"),
    cwe=(502, 611),
    sources=("ruff S301", "ruff S506", "bandit B301", "brakeman Deserialize"),
    tags=("injection",),
    peers=("S301", "S506", "B301", "B506"),
    needs=(
        "sink.deserialize",
        "sink.eval",
        "sink.xml",
    ),
    examples=[
        Example(
            bad="""
                import pickle
                from flask import Flask, request

                app = Flask(__name__)

                @app.post("/cart")
                def cart():
                    return str(pickle.loads(request.data))
                                            ^^^^^^^^^^^^ untrusted request body can run code here
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const serialize = require('node-serialize');
                const express = require('express');
                const app = express();

                app.post('/cart', (req, res) => {
                  res.json(serialize.unserialize(req.cookies.cart));
                                                 ^^^^^^^^^^^^^^^^ untrusted cookie can run code here
                });
            """,
        ),
        Example(
            bad="""
                import importlib
                from flask import Flask, request

                app = Flask(__name__)

                @app.post("/plugins")
                def plugin():
                    return importlib.import_module(request.args["name"]).run()
                                                   ^^^^^^^^^^^^^^^^^^^^ untrusted query string runs as code here
            """,
        ),
        Example(
            good="""
                import importlib
                from flask import Flask, request

                app = Flask(__name__)

                @app.post("/plugins")
                def plugin():
                    return importlib.import_module(f"shop.plugins.{request.args['name']}").run()
            """,
        ),
        Example(
            good="""
                import json
                from flask import Flask, request

                app = Flask(__name__)

                @app.post("/cart")
                def cart():
                    return str(json.loads(request.data))
            """,
        ),
        Example(
            good="""
                import yaml
                from flask import Flask, request

                app = Flask(__name__)

                def parsed(text):
                    return yaml.load(text, Loader=yaml.CSafeLoader)

                @app.post("/rates")
                def rates():
                    if "plain" in request.args:
                        return str(yaml.load(request.data, yaml.SafeLoader))
                    return str(parsed(request.data) or yaml.safe_load(request.data))
            """,
        ),
        Example(
            good="""
                import pickle

                def load_model(path):
                    with open(path, "rb") as file:
                        return pickle.load(file)
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    yield from untrusted(call, ctx, "sink.deserialize", "can run code here")
    if not any(_is_of_one_package(hit, ctx) for hit in ctx.hits(call, "sink.eval", sink="eval")):
        yield from untrusted(call, ctx, "sink.eval", "runs as code here")
    for finding in untrusted(call, ctx, "sink.xml", "may pull in files through entities"):
        if not _entities_off(call, ctx):
            yield finding


def _is_of_one_package(hit: Hit, ctx: Context) -> bool:
    """Whether a module is imported whose package is written out: `f"shop.payments.{kind}"`."""
    if not hit.name.endswith("import_module"):
        return False
    if hit.meaning is None:
        return not _imports_the_bare_name(hit, ctx)
    parts = ctx.value(hit.argument).parts or ()
    first = parts[0] if parts else None
    return isinstance(first, Fragment) and first.value.endswith(".")


def _imports_the_bare_name(hit: Hit, ctx: Context) -> bool:
    """Whether the helper that is called imports just what it is given."""
    site = ctx.site(hit.call)
    function = site.callee.node if site is not None else None
    if not isinstance(function, Function):
        return False
    names = {parameter.name for parameter in function.parameters}
    return any(
        isinstance(node, Call)
        and node.method == "import_module"
        and bool(node.arguments)
        and getattr(node.arguments[0].value, "id", "") in names
        for node in walk(function)
    )


def _entities_off(call: Call, ctx: Context) -> bool:
    meaning = ctx.meaning(call, "sink.xml")
    if meaning is None or meaning.has("safe"):
        return True
    parser = ctx.option(call, meaning, "parser")
    return parser.hidden or parser.value is not None
