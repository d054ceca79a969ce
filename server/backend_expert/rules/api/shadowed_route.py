"""A route with a parameter, registered first, takes the requests of a literal one below it.

`/orders/{id}` answers `/orders/export` too, with "export" for an id: a 404 or 422 in place of the
page, and only in the router that tries its routes in order. Register literal paths first.

Leave it off where the router picks the most specific path whatever the order, and that is not
known here.
"""

import re
from collections.abc import Iterator

from backend_expert.facts.endpoint import Endpoint
from backend_expert.lint import Example, Finding, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.lint.finding import Related
from backend_expert.lint.routes import (
    Route,
    best_match,
    is_conditional,
    passes_on,
    routes,
    same_router,
)

_LITERAL = re.compile(r"[\w.~%@+-]+")
_WHOLE = re.compile(r"\{(\w+)\}")
# What converters take, by their names; one that is not here may take anything or nothing.
_TAKES = {
    "": r"[^/]+",
    "str": r"[^/]+",
    "string": r"[^/]+",
    "default": r"[^/]+",
    "path": r".+",
    "int": r"-?\d+",
    "float": r"-?[\d.]+",
    "uuid": r"[0-9a-fA-F-]{36}",
    "slug": r"[-\w]+",
}


@rule(
    title="Route hidden by an earlier one with a parameter",
    severity=Severity.WARNING,
    languages=("python", "javascript"),
    sources=("vacuum paths-specificity-order (OpenAPI)",),
    tags=("routing",),
    examples=[
        Example(
            bad="""
                from fastapi import APIRouter

                router = APIRouter(prefix="/products")

                @router.get("/{sku}")
                def get_product(sku: str): ...

                @router.get("/featured")
                            ^^^^^^^^^^^ `/products/{sku}` above takes this path: register the literal one first
                def featured(): ...
            """,
        ),
        Example(
            bad="""
                from django.urls import path
                from shop import views

                urlpatterns = [
                    path("orders/<slug:number>/", views.order),
                    path("orders/export/", views.export),
                         ^^^^^^^^^^^^^^^^ `/orders/{number}/` above takes this path: register the literal one first
                ]
            """,
        ),
        Example(
            language="javascript",
            bad="""
                const express = require('express');
                const router = express.Router();

                router.get('/:id', (req, res) => res.json({}));
                router.get('/export', (req, res) => res.json([]));
                           ^^^^^^^^^ `/{id}` above takes this path: register the literal one first
            """,
        ),
        Example(
            good="""
                from fastapi import APIRouter

                router = APIRouter(prefix="/products")

                @router.get("/featured")
                def featured(): ...

                @router.get("/{sku}")
                def get_product(sku: str): ...

                @router.post("/import")
                def import_products(): ...

                @router.get("/{sku}/reviews")
                def reviews(sku: str): ...

                @router.get("/by-id/{id:int}")
                def by_id(id: int): ...

                @router.get("/by-id/latest")
                def latest(): ...
            """,
        ),
        Example(
            good="""
                from flask import Flask

                app = Flask(__name__)

                @app.route("/<page>")
                def page(page): ...

                @app.route("/about")  # Werkzeug takes the most specific rule
                def about(): ...
            """,
        ),
        Example(
            language="javascript",
            good="""
                const express = require('express');
                const router = express.Router();

                router.get('/:id(\\\\d+)', (req, res) => res.json({}));
                router.get('/export', (req, res) => res.json([]));
                router.get('/a/:kind', (req, res, next) => {
                  if (req.params.kind === 'all') return next('route');
                  return res.json({});
                });
                router.get('/a/all', (req, res) => res.json([]));
            """,
        ),
    ],
)
def check(file: CodeFile, _: None) -> Iterator[Finding]:
    skipped = best_match(file)
    open_ones: dict[object, list[Route]] = {}
    for route in routes(file):
        one = route.endpoint
        if one.technology in skipped:
            continue
        above = open_ones.setdefault(same_router(route, file), [])
        taker = next((r for r in above if _takes(r.endpoint, one, file)), None)
        if taker is not None and not is_conditional(route):
            there = Related(taker.endpoint.span, "takes it", taker.endpoint.home)
            yield Finding(
                one.span,
                f"`{taker.endpoint.path}` above takes this path: register the literal one first",
                related=(there,) if taker.endpoint.home else (),
                item=route.item,
            )
        if one.parameters and not is_conditional(route) and _is_final(route, file):
            above.append(route)


def _is_final(route: Route, file: CodeFile) -> bool:
    if file.family != "javascript":
        return True
    return route.endpoint.method != "ANY" and not passes_on(route)


def _takes(above: Endpoint, below: Endpoint, file: CodeFile) -> bool:
    """Whether every request that `below` is for is answered by `above`."""
    if above.method not in (below.method, "ANY"):
        return False
    first, second = above.path, below.path
    if file.family == "javascript":
        first, second = first.rstrip("/"), second.rstrip("/")
    one, other = first.split("/"), second.split("/")
    if len(one) != len(other):
        return False
    kinds: dict[str, str] = {}
    for parameter in above.parameters:
        name, _, kind = parameter.partition(":")
        kinds[name] = kind
    is_literal = False
    for taking, given in zip(one, other, strict=True):
        if taking == given:
            continue
        whole = _WHOLE.fullmatch(taking)
        if whole is None or not _LITERAL.fullmatch(given):
            return False
        if not _fits(kinds.get(whole[1], ""), given):
            return False
        is_literal = True
    return is_literal


def _fits(kind: str, literal: str) -> bool:
    pattern = _TAKES.get(kind)
    if pattern is None:
        if kind.isidentifier():
            return False  # a converter of the project's own
        pattern = kind
    try:
        return re.fullmatch(pattern, literal) is not None
    except re.error:
        return False
