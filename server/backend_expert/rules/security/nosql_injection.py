"""A filter of a document store is a map, and JSON from outside can put an operator where a value was.

`{"email": body.email}` with `{"email": {"$ne": null}}` in the body matches everyone. Say of what
type the value must be (`String(…)`, `str(…)`, a schema at the door) before it goes into the filter,
and never run JavaScript (`$where`) made from it. (OWASP ASVS 5.0 V1.2.10, CWE-943.)

Leave it off where a middleware takes keys that begin with `$` out of every request.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Collection, Entry, Expression, Function, Text
from backend_expert.flow.value import Origin
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.sensitive import words

_RUNS = frozenset(("$where", "$function", "$accumulator", "map", "reduce"))
# What takes operators out of requests, or says what type each value has, app-wide.
_CLEANERS = ("express-mongo-sanitize", "mongo-sanitize", "content-filter", "mongoose-sanitize")
_SCHEMAS = frozenset(
    ("valid", "validate", "validates", "validator", "validation", "schema", "sanitize")
)


@rule(
    title="Request data as a document filter",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(943,),
    sources=("Sonar S5147", "semgrep express-mongo-nosqli"),
    tags=("injection",),
    in_scripts=False,
    needs=("document.read", "document.write",),
    examples=[
        Example(
            bad="""
                from flask import Flask, request
                from pymongo import MongoClient

                app = Flask(__name__)
                users = MongoClient("mongodb://db/shop").shop.users

                @app.post("/login")
                def login():
                    body = request.get_json()
                    return users.find_one({"email": body["email"]})
                                                    ^^^^^^^^^^^^^ an operator such as `$ne` fits in this request body value
            """,
            good="""
                from flask import Flask, request
                from pymongo import MongoClient

                app = Flask(__name__)
                users = MongoClient("mongodb://db/shop").shop.users

                @app.post("/login")
                def login():
                    body = request.get_json()
                    return users.find_one({"email": str(body["email"])})
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const mongoose = require('mongoose');
                const app = express();
                const User = mongoose.model('User', new mongoose.Schema({ email: String, key: String }));

                app.post('/login', async (req, res) => {
                  res.json(await User.findOne({ email: req.body.email, key: { $eq: req.body.key } }));
                                                       ^^^^^^^^^^^^^^ an operator such as `$ne` fits in this request body value
                });
            """,
            good="""
                const express = require('express');
                const mongoose = require('mongoose');
                const app = express();
                const User = mongoose.model('User', new mongoose.Schema({ email: String, key: String }));

                app.post('/login', async (req, res) => {
                  res.json(await User.findOne({ email: String(req.body.email), key: { $eq: req.body.key } }));
                });
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const mongoose = require('mongoose');
                const app = express();
                const User = mongoose.model('User', new mongoose.Schema({ email: String, key: String }));

                app.get('/search', async (req, res) => {
                  res.json(await User.find({ $where: `this.age > ${String(req.query.age)}` }).limit(10));
                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ untrusted query string runs as code in the database
                });
                app.get('/everything', async (req, res) => {
                  res.json(await User.find(req.query).limit(10));
                                           ^^^^^^^^^ the caller writes the whole filter
                });
            """,
        ),
        Example(
            good="""
                from flask import Flask, request
                from pymongo import MongoClient

                app = Flask(__name__)
                users = MongoClient("mongodb://db/shop").shop.users

                @app.get("/users")
                def show():
                    # What stands in a query string or a form is always text.
                    return users.find_one({"email": request.args["email"]})

                @app.post("/users")
                def find():
                    return users.find_one({"email": {"$eq": request.json["email"]}})
            """
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const mongoose = require('mongoose');
                const { validate } = require('./validate');
                const app = express();
                const User = mongoose.model('User', new mongoose.Schema({ email: String }));

                app.get('/users/:email', async (req, res) => {
                  res.json(await User.findOne({ email: req.params.email }));
                });
                app.post('/users/find', validate('user'), async (req, res) => {
                  res.json(await User.findOne({ email: req.body.email }));
                });
                app.post('/users/typed', async (req, res) => {
                  if (typeof req.body.email !== 'string') return res.sendStatus(422);
                  return res.json(await User.findOne({ email: req.body.email }));
                });
            """,
        ),
    ],
)  # fmt: skip
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    meaning = ctx.meaning(call, "document.read", "document.write")
    if meaning is None or meaning.has("insert") or _is_cleaned(call, ctx):
        return
    subject = ctx.subject(call, meaning)
    if subject is None:
        return
    if isinstance(subject, Collection):
        yield from _in_filter(subject, ctx)
        return
    if isinstance(ctx.value(subject).node, Collection):
        return
    origin = _may_be_map(subject, ctx)
    if origin is not None and not _is_by_id(call):
        message = "the caller writes the whole filter"
        yield Finding(subject.span, message, related=ctx.born(origin))


def _in_filter(filter: Collection, ctx: Context) -> Iterator[Finding]:
    for entry in filter.entries:
        value = entry.value
        key = entry.key.value if isinstance(entry.key, Text) else ""
        if key in _RUNS:
            origin = ctx.value(value).untrusted()
            if origin is not None:
                message = f"untrusted {origin.label} runs as code in the database"
                yield Finding(value.span, message, related=ctx.born(origin))
        elif isinstance(value, Collection):
            if key in ("$or", "$and", "$nor", "$match") or not key:
                yield from _in_filter(value, ctx)
        else:
            origin = _may_be_map(value, ctx)
            if origin is not None and not _is_type_checked(value, ctx):
                message = f"an operator such as `$ne` fits in this {origin.label} value"
                yield Finding(value.span, message, _cast(entry, ctx), ctx.born(origin))


def _may_be_map(value: Expression, ctx: Context) -> Origin | None:
    """The origin of a value that can be a map as well as a text: JSON, or a parsed query string."""
    known = ctx.value(value)
    origin = known.untrusted()
    if origin is None or known.parts is not None:
        return None
    if isinstance(value, Call) and value.method != "get":
        return None  # `str(…)`, `String(…)`, `ObjectId(…)`, or a check of the project's own
    source = ctx.source(origin.span)
    if ctx.is_python:
        return origin if "json" in source.lower() else None
    return origin if origin.label in ("request body", "query string") and "." in source else None


def _is_by_id(call: Call) -> bool:
    return "Id" in call.method


def _is_type_checked(value: Expression, ctx: Context) -> bool:
    """Whether the function tests the value's type (`typeof`, `isinstance`)."""
    function = ctx.function(value)
    if function is None:
        return False
    text, wanted = ctx.source(function), ctx.source(value)
    return f"typeof {wanted}" in text or f"isinstance({wanted}" in text


def _is_cleaned(call: Call, ctx: Context) -> bool:
    """Whether requests are cleaned or checked against a schema before they get here."""
    if any(name in ctx.file.project.dependencies for name in _CLEANERS):
        return True
    if any("sanitizeFilter" in item.names for item in ctx.file.items):
        return True
    for above in ctx.ancestors(call):
        if isinstance(above, Function):
            around = ctx.callback_of(above, "endpoint")
            if around is not None:
                spelt = words(ctx.text[around.span.start : above.span.start])
                return not _SCHEMAS.isdisjoint(spelt)
            if not ctx.is_endpoint(above):
                # A handler that another file registers: what stands before it there is not seen.
                return not ctx.is_python
    return False


def _cast(entry: Entry, ctx: Context) -> Fix:
    code = ctx.source(entry.value)
    is_short = entry.key is not None and entry.key.span == entry.value.span
    made = f"str({code})" if ctx.is_python else f"String({code})"
    edit = ctx.replace(entry.value, f"{code}: {made}" if is_short else made)
    return Fix("Let only a string through", (edit,), is_sure=False)
