"""Any website may then act as whoever is signed in and happens to visit it.

With credentials allowed, a page of any origin can call your API with the visitor's cookies and read
the answers. Frameworks that are told "any origin" send the caller's own origin back, so the
browser's ban on `*` does not help. List the origins that are yours. (OWASP ASVS 5.0 V3.4.2,
CWE-942.)

Leave it off only where nothing the API answers depends on who is asking.
"""

from collections.abc import Iterator

from backend_expert.facts.code import Call, Collection, Expression, Function, walk
from backend_expert.lint import Context, Example, Finding, Related, Severity, rule
from backend_expert.lint.deployment import is_behind_switch, is_for_development
from backend_expert.technologies.catalogue import Meaning

_EVERY = frozenset((".*", ".+", "https?://.*", "(.*)"))


@rule(
    title="Any origin with credentials",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    cwe=(942,),
    sources=("Sonar S5122", "semgrep cors-misconfiguration"),
    needs=("cors",),
    examples=[
        Example(
            bad="""
                from fastapi import FastAPI
                from fastapi.middleware.cors import CORSMiddleware

                app = FastAPI()
                app.add_middleware(
                    CORSMiddleware,
                    allow_origins=["*"],
                                  ^^^^^ every website may call this with its visitors' credentials
                    allow_credentials=True,
                )
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const cors = require('cors');
                const app = express();
                app.use(cors({ origin: true, credentials: true }));
                                       ^^^^ every website may call this with its visitors' credentials
            """,
        ),
        Example(
            good="""
                from fastapi import FastAPI
                from fastapi.middleware.cors import CORSMiddleware
                from shop.settings import settings

                app = FastAPI()
                app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["GET"])
                app.add_middleware(
                    CORSMiddleware, allow_origins=["https://shop.example"], allow_credentials=True
                )
                app.add_middleware(
                    CORSMiddleware, allow_origins=settings.origins, allow_credentials=True
                )
            """
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const cors = require('cors');
                const app = express();
                app.use(cors({ origin: 'https://shop.example', credentials: true }));
                app.use(cors());
                app.use(cors({ origin: (origin, done) => done(null, ALLOWED.has(origin)), credentials: true }));
            """,
        ),
    ],
)  # fmt: skip
def check(call: Call, ctx: Context) -> Iterator[Finding]:
    site = ctx.site(call)
    for meaning in site.meanings if site else ():
        credentials = ctx.option(call, meaning, "credentials").value
        origins = ctx.option(call, meaning, "origins").value
        if credentials is None or not ctx.is_constant(credentials, True):
            continue
        origins = origins or _elsewhere(call, meaning, ctx)
        if origins is None and meaning.has("reflects-by-default") and not call.spreads:
            told = ctx.option(call, meaning, "resources")
            origins = None if told.hidden or told.value is not None else credentials
        if origins is None:
            continue
        if is_for_development(ctx.file.path) or is_behind_switch(call, ctx):
            return
        if origins is credentials or _is_any(origins, ctx):
            message = "every website may call this with its visitors' credentials"
            because = Related(credentials.span, "credentials are allowed here")
            yield Finding(origins.span, message, related=(because,))
            return


def _elsewhere(call: Call, meaning: Meaning, ctx: Context) -> Expression | None:
    """The origins as a pattern, or those of the first resource that names any."""
    pattern = ctx.option(call, meaning, "origin_regex").value
    if pattern is not None and (ctx.text_of(pattern) or "").strip("^$") in _EVERY:
        return pattern
    resources = ctx.option(call, meaning, "resources").value
    for entry in resources.entries if isinstance(resources, Collection) else ():
        inner = entry.value.get("origins") if isinstance(entry.value, Collection) else None
        if inner is not None and _is_any(inner, ctx):
            return inner
    return None


def _is_any(origins: Expression, ctx: Context) -> bool:
    if ctx.is_constant(origins, True, "*", ".*", "null"):
        return True
    literal = ctx.value(origins).node
    if isinstance(literal, Collection):
        return any(ctx.is_constant(entry.value, "*") for entry in literal.entries)
    return isinstance(literal, Function) and _lets_all_in(literal, ctx)


def _lets_all_in(function: Function, ctx: Context) -> bool:
    """`(origin, done) => done(null, true)`: it never looks at the origin."""
    calls = [node for node in walk(function) if isinstance(node, Call)]
    if len(calls) != 1 or len(calls[0].arguments) != 2:
        return False
    return ctx.is_constant(calls[0].arguments[1].value, True)
