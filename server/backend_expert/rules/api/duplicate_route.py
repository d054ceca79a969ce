"""The same method and path registered twice: the first handler answers, the other never runs.

Nothing fails. The second handler looks alive, is tested by calling it, and its fixes never reach
anyone. Give one of them another path or method, or remove the one that is dead.

Leave it off where two handlers share a path on purpose and the framework chooses between them by
host, version or content type in a way that this file does not show.
"""

from collections.abc import Iterator

from backend_expert.lint import Example, Finding, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.lint.finding import Related
from backend_expert.lint.routes import (
    Route,
    compared,
    is_conditional,
    passes_on,
    same_router,
    shown,
)
from backend_expert.text.pattern import pattern

_CHOOSES = pattern(r"\b(?:host|subdomain|version|constraints|consumes|produces|headers)\s*[=:]")
_NAME = pattern(r"\{\w+\}")


@rule(
    title="Route registered twice",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    sources=("semgrep duplicate-path-assignment", "ruff (none)"),
    tags=("routing",),
    examples=[
        Example(
            bad="""
                from fastapi import APIRouter

                router = APIRouter(prefix="/orders")

                @router.post("/{order_id}/cancel")
                def cancel(order_id: int): ...

                @router.post("/{id}/cancel", status_code=202)
                             ^^^^^^^^^^^^^^ `POST /orders/{id}/cancel` is registered above: this handler never runs
                def ask_to_cancel(id: int): ...
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const router = express.Router();

                router.get('/orders/:id', (req, res) => res.json({}));
                router.get('/orders/:orderId', auth, (req, res) => res.json({}));
                           ^^^^^^^^^^^^^^^^^^ `GET /orders/{orderId}` is registered above: this handler never runs
            """,
        ),
        Example(
            good="""
                from fastapi import APIRouter

                router = APIRouter()
                admin = APIRouter(prefix="/admin")

                @router.get("/orders")
                def orders(): ...

                @admin.get("/orders")
                def all_orders(): ...

                @router.post("/orders")
                def place(): ...

                @router.get("/orders/")
                def slashed(): ...
            """,
        ),
        Example(
            good="""
                from flask import Flask

                app = Flask(__name__)

                @app.route("/users/<int:id>")
                def by_id(id): ...

                @app.route("/users/<name>")
                def by_name(name): ...

                @app.route("/", host="a.example")
                def one(): ...

                @app.route("/", host="b.example")
                def other(): ...

                if app.debug:
                    @app.get("/state")
                    def full(): ...
                else:
                    @app.get("/state")
                    def brief(): ...
            """,
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const app = express();

                app.get('/orders', requireAuth);
                app.get('/orders', (req, res, next) => { req.started = Date.now(); next(); });
                app.get('/orders', (req, res) => res.json([]));
            """,
        ),
    ],
)
def check(file: CodeFile, _: None) -> Iterator[Finding]:
    yield from (
        found for _, found in compared(file, "duplicate route", lambda table: _compare(table, file))
    )


def _compare(table: list[Route], file: CodeFile) -> Iterator[tuple[Route, Finding]]:
    first: dict[tuple[object, ...], Route] = {}
    for route in table:
        key = (
            same_router(route, file),
            *route.kept("key", _key if file.family == "python" else _trimmed_key),
        )
        before = first.setdefault(key, route)
        if before.item is route.item and before.handler is route.handler:
            continue
        if _may_both_run(before, file) or _may_both_run(route, file):
            continue
        if file.family == "javascript" and passes_on(before):
            first[key] = route
            continue
        there = Related(before.endpoint.span, "the one that answers", before.endpoint.home)
        yield (
            route,
            Finding(
                route.endpoint.span,
                f"`{shown(route.endpoint)}` is registered above: this handler never runs",
                related=(there,) if before.endpoint.home else (),
            ),
        )


def _key(route: Route) -> tuple[object, ...]:
    one = route.endpoint
    kinds = tuple(parameter.partition(":")[2] for parameter in one.parameters)
    path = _NAME.sub("{}", one.path)
    if path in ("", "/") and not one.is_complete:
        path = _written(route)  # behind a prefix, with and without a slash are two
    return one.method, path, kinds, one.technology


def _written(route: Route) -> str:
    span = route.endpoint.span
    return route.item.text[span.start : span.end]


def _trimmed_key(route: Route) -> tuple[object, ...]:
    method, path, *rest = _key(route)
    return method, str(path).rstrip("/"), *rest


def _may_both_run(route: Route, file: CodeFile) -> bool:
    if is_conditional(route):
        return True
    if file.family == "javascript" and route.endpoint.method == "ANY":
        return True
    made = [r for r in _routers(file) if r == route.endpoint.router]
    if len(made) > 1:
        return True  # two routers of one name, one after the other
    text = route.item.text
    line = (text + "\n").find("\n", route.endpoint.span.end)
    return bool(_CHOOSES.search(text[route.endpoint.span.end : line]))


def _routers(file: CodeFile) -> list[str]:
    from backend_expert.flow.endpoints import routes_of

    return [router.name for router in routes_of(file.flow).routers]
