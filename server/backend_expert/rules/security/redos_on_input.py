r"""A pattern such as `(a+)+$` can be tried in exponentially many ways, and one request does it.

Thirty characters then keep a thread, or the whole event loop, busy for minutes. Write the pattern so
that each text can be read in one way only (no repeated group around a repetition of the same
characters), bound the length of the text before, or use an engine without backtracking such as RE2.
(OWASP ASVS 5.0 V1.3.12, CWE-1333.)

Leave it off where the text's length is bounded before it gets here.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Expression, Member, Name, Opaque, Text
from backend_expert.lint import Context, Example, Finding, Severity, rule
from backend_expert.lint.regex import explosive

# Methods of a pattern that take the text, and of a text that take the pattern.
_OF_PATTERN = frozenset(
    ("match", "search", "fullmatch", "findall", "finditer", "sub", "split", "test", "exec")
)
_OF_TEXT = frozenset(("match", "matchAll", "replace", "replaceAll", "search", "split"))


@rule(
    title="Pattern that input can make endless",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(1333, 400),
    sources=("Sonar S5852", "brakeman RegexDoS"),
    in_scripts=False,
    beside=("untrusted",),
    examples=[
        Example(
            bad="""
                import re
                from flask import Flask, request

                app = Flask(__name__)
                NAME = re.compile(r"^([a-z]+ ?)+$")

                @app.get("/find")
                def find():
                    if re.match(r"^(\\w+\\s*)*$", request.args["q"]):
                                                ^^^^^^^^^^^^^^^^^ a long query string makes `(\\w+\\s*)*` run for ever
                        return "words"
                    return str(NAME.match(request.args["name"]))
                                          ^^^^^^^^^^^^^^^^^^^^ a long query string makes `([a-z]+ ?)+` run for ever
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const app = express();

                app.get('/find', (req, res) => {
                  if (/^(a|a)*$/.test(req.query.q)) return res.sendStatus(204);
                                      ^^^^^^^^^^^ a long query string makes `(a|a)*` run for ever
                  return res.json(req.query.name.match(/^([0-9]+)*!$/));
                                  ^^^^^^^^^^^^^^ a long query string makes `([0-9]+)*` run for ever
                });
            """,
        ),
        Example(
            good="""
                import re
                from flask import Flask, request

                app = Flask(__name__)
                SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
                OLD = re.compile(r"^([a-z]+)+$")

                @app.get("/find")
                def find():
                    name = request.args["name"]
                    if len(name) < 20 and OLD.match(name):
                        return name
                    return str(SLUG.match(name) or re.match(r"(a+)+", name))

                def ours(text):
                    return OLD.match("constant")
            """
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const app = express();

                app.get('/find', (req, res) => {
                  res.json(/^(\\d{3}-)+\\d+$/.test(req.query.q));
                });
            """,
        ),
    ],
)  # fmt: skip
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    pattern, subject = _parts(call, ctx)
    if subject is None:
        return
    origin = ctx.value(subject).untrusted("regex")
    if origin is None or _is_bounded(subject, ctx):
        return
    part = explosive(pattern, merges_sets=ctx.is_python)
    if part:
        shown = part if len(part) <= 30 else part[:29] + "…"
        message = f"a long {origin.label} makes `{shown}` run for ever"
        yield Finding(subject.span, message, related=ctx.born(origin))


def _parts(call: Call, ctx: Context) -> tuple[str, Expression | None]:
    """The pattern's text and what it is matched with."""
    meaning = ctx.meaning(call, "sink.regex")
    if meaning is not None:
        pattern = ctx.subject(call, meaning)
        text = ctx.text_of(pattern) if pattern is not None else None
        return text or "", ctx.option(call, meaning, "text").value
    if not isinstance(call.callee, Member) or not call.arguments:
        return "", None
    receiver, first = call.callee.object, call.arguments[0].value
    if call.method in _OF_PATTERN and (pattern := _pattern(receiver, ctx)):
        return pattern, call.arguments[1].value if call.method == "sub" else first
    if call.method in _OF_TEXT:
        return _pattern(first, ctx), receiver
    return "", None


def _pattern(node: Expression, ctx: Context) -> str:
    """The text of a pattern: written here, or kept under a name of this file."""
    if isinstance(node, Name):
        binding = ctx.file.flow.outline.names.get(node.id)
        if binding is None or binding.value is None:
            return ""
        node = binding.value
    if isinstance(node, Opaque):  # `/…/`
        return next(((p.value or "") for p in node.parts if isinstance(p, Text)), "")
    if isinstance(node, Call) and node.method in ("compile", "RegExp") and node.arguments:
        given = node.arguments[0].value
        return (given.value or "") if isinstance(given, Text) else ""
    return ""


def _is_bounded(subject: Expression, ctx: Context) -> bool:
    """Whether the function looks at the text's length."""
    function = ctx.function(subject)
    if function is None:
        return False
    source, wanted = ctx.source(function), ctx.source(subject)
    return f"len({wanted})" in source or f"{wanted}.length" in source
