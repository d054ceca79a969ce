"""A path that a caller can write leads wherever the caller likes: `../../etc/passwd`.

Joining it to a base folder does not help, for `..` climbs out and an absolute path replaces the
base. Take the last component alone, or resolve the joined path and check that it still lies in the
folder; better still, let callers name files by an id that you look up. (OWASP ASVS 5.0 V5.3.2,
CWE-22.)

Leave it off in tools whose user owns the machine and may read any file anyway.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.code import Assign, Call, Expression, Function, Index, Member, Name, walk
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.serving import route
from backend_expert.lint.sinks import untrusted
from backend_expert.text.pattern import pattern

_CHECKS = pattern(
    r"^(?!.*exist).*(valid|safe|sanit|secure|check|ensure|verif|inside|within)"
    r"\w*(path|file|dir|folder|name)"
    r"|(path|file|dir|folder)\w*(valid|safe|sanit|secure|inside|within)",
    re.IGNORECASE,
)
_NAMED = pattern(r"parameter `(\w+)`")


@rule(
    title="Path made from untrusted data",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(22,),
    sources=("gosec G304", "semgrep path-traversal-open"),
    tags=("injection",),
    in_scripts=False,
    needs=("sink.path",),
    examples=[
        Example(
            bad="""
                import os
                from flask import Flask, request

                app = Flask(__name__)

                @app.get("/invoices")
                def invoice():
                    path = os.path.join("/srv/invoices", request.args["file"])
                    with open(path, "rb") as file:
                              ^^^^ untrusted query string decides which file is touched
                        return file.read()
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const fs = require('fs');
                const path = require('path');
                const express = require('express');
                const app = express();

                app.get('/invoices', (req, res) => {
                  fs.createReadStream(path.join('/srv/invoices', req.query.file)).pipe(res);
                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ untrusted query string decides which file is touched
                });
            """,
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const app = express();

                app.get('/invoices/:name', (req, res) => {
                  res.sendFile(req.params.name, { root: '/srv/invoices' });
                });
            """,
        ),
        Example(
            good="""
                import tarfile
                from flask import Flask, request

                app = Flask(__name__)

                @app.post("/import")
                def unpack():
                    with tarfile.open(fileobj=request.files["archive"].stream) as archive:
                        archive.extractall("/srv/import", filter="data")
                    return "", 204
            """,
        ),
        Example(
            good="""
                import os
                from flask import Flask, request

                app = Flask(__name__)

                @app.get("/invoices")
                def invoice():
                    name = os.path.basename(request.args["file"])
                    with open(os.path.join("/srv/invoices", name), "rb") as file:
                        return file.read()
            """,
        ),
        Example(
            good="""
                from pathlib import Path
                from flask import Flask, abort, request

                app = Flask(__name__)
                BASE = Path("/srv/invoices")

                @app.get("/invoices")
                def invoice():
                    path = (BASE / request.args["file"]).resolve()
                    if not path.is_relative_to(BASE):
                        abort(404)
                    return path.read_bytes()
            """,
        ),
        Example(
            bad="""
                from fastapi import FastAPI
                from fastapi.responses import FileResponse

                app = FastAPI()

                @app.get("/labels/{file:path}")
                def label(file: str):
                    return FileResponse("/srv/labels/" + file)
                                        ^^^^^^^^^^^^^^^^^^^^^ untrusted parameter `file` decides which file is touched
            """,
            good="""
                from fastapi import FastAPI
                from fastapi.responses import FileResponse

                app = FastAPI()

                @app.get("/labels/{file}")
                def label(file: str):
                    return FileResponse("/srv/labels/" + file)
            """,
        ),
        Example(
            good="""
                from flask import Flask, abort, request, send_file
                from shop.files import validate_content_path

                app = Flask(__name__)

                @app.get("/files")
                def file():
                    path = validate_content_path(request.args["name"])
                    return send_file(path) if path else abort(400)
            """,
        ),
        Example(
            good="""
                import sys

                with open(sys.argv[1], "wb") as target:
                    target.write(b"")
            """,
        ),
        Example(
            language="javascript",
            good="""
                const fs = require('fs');
                const path = require('path');
                const express = require('express');
                const { isPathInside } = require('./files');
                const app = express();
                const NAME = /^[a-z0-9-]+$/;

                app.get('/uploads', (req, res) => {
                  const folder = path.join('/srv/uploads', req.query.dir || '');
                  if (!isPathInside('/srv/uploads', folder)) return res.sendStatus(404);
                  return res.json(fs.readdirSync(folder));
                });
                app.get('/themes/:theme', (req, res) => {
                  if (!NAME.test(req.params.theme)) return res.sendStatus(404);
                  return fs.createReadStream(path.join('/srv/themes', req.params.theme)).pipe(res);
                });
            """,
        ),
    ],
)
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    for finding in untrusted(call, ctx, "sink.path", "decides which file is touched"):
        if "command line" in finding.message:  # whoever types it may read any file anyway
            continue
        if _is_checked(call, ctx):
            continue
        if finding.message.startswith("untrusted upload") and not ctx.meaning(call, "sink.path"):
            continue  # the whole upload: where it lies was chosen by the library
        if _is_looked_up(finding, call, ctx):
            continue
        named = _NAMED.search(finding.message)
        if named is not None and _is_far_off(named[1], finding, call, ctx):
            continue
        if named is None or (
            (ctx.meaning(call, "sink.path") is not None or _is_text(named[1], call, ctx))
            and not _is_one_segment(named[1], call, ctx)
        ):
            yield finding


def _is_looked_up(finding: Finding, call: Call, ctx: Context) -> bool:
    """Whether the folder is a field of what was found under the key that came in."""
    function = ctx.function(call)
    given = next((a.value for a in call.arguments if a.value.span == finding.span), None)
    root: Expression | None = given
    while isinstance(root, Member):
        root = root.object
    if root is given or not isinstance(root, Name) or function is None:
        return False
    return any(
        isinstance(node, Assign)
        and any(isinstance(target, Name) and target.id == root.id for target in node.targets)
        and (isinstance(node.value, Index) or getattr(node.value, "method", "") == "get")
        for node in walk(function)
    )


def _is_far_off(name: str, finding: Finding, call: Call, ctx: Context) -> bool:
    """Whether a model was given to a function, of which the path is only what came back."""
    shown = ctx.text[finding.span.start : finding.span.end]
    return not _is_text(name, call, ctx) and re.search(rf"\b{name}\b", shown) is None


def _is_checked(call: Call, ctx: Context) -> bool:
    """Whether a helper named for it has looked at the path before, `validate_path(name)`."""
    function = ctx.function(call)
    site = ctx.site(call)
    called = site.callee.node if site is not None else None
    before = [node for node in walk(function)] if function is not None else []
    before = [node for node in before if node.span.start < call.span.start]
    within = list(walk(called)) if isinstance(called, Function) else []
    return any(isinstance(n, Call) and _CHECKS.search(n.method) for n in (*before, *within))


def _is_text(name: str, call: Call, ctx: Context) -> bool:
    """Whether a parameter is a text by its annotation: a model of several fields may check them."""
    function = ctx.function(call)
    given = function.parameters if function is not None else ()
    written = next((p.annotation for p in given if p.name == name), None)
    return written is None or "str" in ctx.source(written)


def _is_one_segment(name: str, call: Call, ctx: Context) -> bool:
    """Whether a parameter is one segment of the route's path, in which no slash can stand.

    Python's frameworks decode the path before they match it; Node's decode what was matched.
    """
    function = ctx.function(call)
    path = route(function, ctx)[0] if function is not None else ""
    part = re.search(rf"[{{<](?:(\w+)(?:\([^)]*\))?:)?{re.escape(name)}(?::(\w+))?[}}>]", path)
    return part is not None and "path" not in (part[1], part[2])
