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
    compared,
    is_conditional,
    passes_on,
    same_router,
)
from backend_expert.text.pattern import pattern

_LITERAL = pattern(r"[\w.~%@+-]+")
_WHOLE = pattern(r"\{(\w+)\}")
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
    yield from (
        found for _, found in compared(file, "shadowed route", lambda table: _compare(table, file))
    )


def _compare(table: list[Route], file: CodeFile) -> Iterator[tuple[Route, Finding]]:
    skipped = best_match(file)
    open_ones: dict[object, Takers] = {}
    for route in table:
        one = route.endpoint
        if one.technology in skipped:
            continue
        above = open_ones.setdefault(same_router(route, file), Takers())
        segments = route.kept("segments", _segments if file.family == "python" else _trimmed)
        taker = above.first(route, segments)
        if taker is not None and not is_conditional(route):
            there = Related(taker.endpoint.span, "takes it", taker.endpoint.home)
            yield (
                route,
                Finding(
                    one.span,
                    f"`{taker.endpoint.path}` above takes this path: register the literal one first",
                    related=(there,) if taker.endpoint.home else (),
                ),
            )
        if not is_conditional(route) and _is_final(route, file):
            above.add(route, segments)


class Takers:
    """Routes with parameters in the order they are registered, found by their literal segments."""

    def __init__(self) -> None:
        # By the places of the parameters, then by the segments at the other places.
        self._by_form: dict[tuple[int, ...], dict[tuple[str, ...], list[Route]]] = {}

    def add(self, route: Route, segments: tuple[str, ...]) -> None:
        """Takes in a route."""
        holes = tuple(at for at, word in enumerate(segments) if _WHOLE.fullmatch(word))
        form = (len(segments), *holes)
        rest = tuple(word for at, word in enumerate(segments) if at not in holes)
        self._by_form.setdefault(form, {}).setdefault(rest, []).append(route)

    def first(self, below: Route, segments: tuple[str, ...]) -> Route | None:
        """The first route that answers every request that `below` is for."""
        found: list[Route] = []
        for (length, *holes), routes_of in self._by_form.items():
            if length != len(segments):
                continue
            rest = tuple(word for at, word in enumerate(segments) if at not in holes)
            given = [segments[at] for at in holes]
            for above in routes_of.get(rest, ()):
                if not _says_all(above, holes):
                    continue
                if _takes(above.endpoint, below.endpoint, given, holes, segments):
                    found.append(above)
        return found[0] if found else None


def _says_all(route: Route, holes: list[int]) -> bool:
    """Whether the registration itself has the parameters, so that it tells what they take."""
    taking = route.endpoint.path.split("/")
    span = route.endpoint.span
    written = route.item.text[span.start : span.end]
    last = taking[holes[-1]].strip("{}") if holes else ""
    return not route.endpoint.parameters or last in written or not written


def _segments(route: Route) -> tuple[str, ...]:
    return tuple(route.endpoint.path.split("/"))


def _trimmed(route: Route) -> tuple[str, ...]:
    return tuple(route.endpoint.path.rstrip("/").split("/"))


def _is_final(route: Route, file: CodeFile) -> bool:
    if file.family != "javascript":
        return True
    return route.endpoint.method != "ANY" and not passes_on(route)


def _takes(
    above: Endpoint,
    below: Endpoint,
    given: list[str],
    holes: list[int],
    segments: tuple[str, ...],
) -> bool:
    """Whether the parameters of `above` take the segments that `below` has in their places."""
    if above.method not in (below.method, "ANY"):
        return False
    taking = above.path.split("/")
    kinds = {p.partition(":")[0]: p.partition(":")[2] for p in above.parameters}
    is_literal = False
    for at, word in zip(holes, given, strict=True):
        if taking[at] == word:
            continue
        whole = _WHOLE.fullmatch(taking[at])
        if whole is None or not _LITERAL.fullmatch(word):
            return False
        if not _fits(kinds.get(whole[1], ""), word):
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
