"""Debugging in production shows strangers the code, the variables and often a console.

A debugger in the page runs whatever is typed into it; an error page lists settings and queries.
Read the switch from the environment and let it be off unless someone says otherwise.
(OWASP ASVS 5.0 V13.4.2, CWE-489.)

Leave it off in a project that is never deployed.
"""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Assign,
    Call,
    Class,
    Constant,
    Expression,
    Function,
    Index,
    Member,
    Name,
)
from backend_expert.lint import Context, Example, Finding, Fix, Severity, rule
from backend_expert.lint.deployment import is_behind_switch, is_for_development


@rule(
    title="Debugging switched on",
    severity=Severity.WARNING,
    languages=("python",),
    cwe=(489, 215),
    sources=("ruff S201", "bandit B201", "Sonar S4507"),
    peers=("S201", "B201"),
    needs=("debug",),
    target=(Index, Member, Name),
    examples=[
        Example(
            bad="""
                from flask import Flask

                app = Flask(__name__)

                if __name__ == "__main__":
                    app.run(host="0.0.0.0", debug=True)
                                                  ^^^^ debugging is on for everyone who reaches this server
            """,
            good="""
                from flask import Flask

                app = Flask(__name__)

                if __name__ == "__main__":
                    app.run(host="0.0.0.0", debug=False)
            """,
        ),
        Example(
            path="shop/settings.py",
            bad="""
                import os

                DEBUG = True
                        ^^^^ debugging is on for everyone who reaches this server
                ALLOWED_HOSTS = ["shop.example"]
                ROOT_URLCONF = "shop.urls"
            """,
            good="""
                import os

                DEBUG = False
                ALLOWED_HOSTS = ["shop.example"]
                ROOT_URLCONF = "shop.urls"
            """,
        ),
        Example(
            good="""
                import os
                from fastapi import FastAPI
                from flask import Flask
                from shop.settings import settings

                app = Flask(__name__)
                api = FastAPI(debug=settings.debug)
                app.debug = os.environ.get("DEBUG") == "1"
                if settings.debug:
                    app.run(debug=True)
                app.run(host="127.0.0.1", debug=True)
            """
        ),
        Example(
            path="examples/simple/main.py",
            good="""
                from flask import Flask

                app = Flask(__name__)
                app.run(debug=True)
            """,
        ),
        Example(
            path="shop/settings/local.py",
            good="""
                from .base import *

                DEBUG = True
                ROOT_URLCONF = "shop.urls"
            """,
        ),
        Example(
            path="shop/settings.py",
            good="""
                DEBUG = True
                ROOT_URLCONF = "shop.urls"

                if PRODUCTION:
                    DEBUG = False
            """,
        ),
    ],
)
def check(fact: Call | Assign, ctx: Context) -> Iterator[Finding]:
    if isinstance(fact, Call):
        switch = _passed(fact, ctx)
    else:  # most assignments are of something else than True
        is_on = fact.value is not None and ctx.is_constant(fact.value, True)
        switch = _assigned(fact, ctx) if is_on else None
    if switch is None or not ctx.is_constant(switch, True):
        return
    path = ctx.file.path
    if is_for_development(path) or "examples/" in path or is_behind_switch(fact, ctx):
        return
    fix = None
    if isinstance(switch, Constant):
        fix = Fix("Switch it off", (ctx.replace(switch, "False"),))
    yield Finding(switch.span, "debugging is on for everyone who reaches this server", fix)


def _passed(call: Call, ctx: Context) -> Expression | None:
    meaning = ctx.meaning(call, "debug")
    if meaning is None or meaning.has("reload"):
        return None
    host = call.argument(None, "host")
    if host is not None and (ctx.text_of(host) or "").startswith(("127.", "localhost")):
        return None
    return ctx.subject(call, meaning)


def _assigned(assign: Assign, ctx: Context) -> Expression | None:
    """The value of a framework's own switch: `app.debug`, or `DEBUG` among its settings."""
    target = assign.targets[0]
    catalogue = ctx.file.flow.catalogue
    if isinstance(target, Member):
        known = catalogue.value(f"{ctx.name(target.object)}.{target.name}")
        return assign.value if known is not None and known.role == "debug" else None
    if isinstance(target, Index):
        key, holder = ctx.text_of(target.key), ctx.name(target.object)
        known = catalogue.value(f"{holder}.{key}") if key and "." in holder else None
        return assign.value if known is not None and known.role == "debug" else None
    if not isinstance(target, Name):
        return None
    known = catalogue.value(f"settings.{target.id}")
    if known is None or known.role != "debug":
        return None
    if ctx.enclosing(assign, Function, Class) is not None or not _is_settings(ctx):
        return None
    is_settled_later = sum(target.id in item.names for item in ctx.file.items) > 1
    return None if is_settled_later else assign.value


def _is_settings(ctx: Context) -> bool:
    """Whether the file holds the settings of a whole site."""
    names = ctx.file.flow.outline.names
    return any(
        (known := ctx.file.flow.catalogue.value(f"settings.{name}")) and "site" in known.traits
        for name in names
    )
