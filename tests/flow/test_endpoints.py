"""Endpoints as the frameworks write them: methods, paths, handlers, guards, prefixes."""

import textwrap

import pytest
from backend_expert.flow.endpoints import endpoints_of, handler_of, placed, routes_of
from backend_expert.flow.file import FileFlow
from backend_expert.technologies.catalogue import catalogue, family
from backend_expert.workspace.document import Document

FASTAPI = """
from typing import Annotated
from fastapi import APIRouter, Depends, FastAPI
from shop.auth import CurrentUser, require_staff

app = FastAPI()
router = APIRouter(prefix="/orders", dependencies=[Depends(require_staff)])
staff = [Depends(require_staff)]

"""
FLASK = """
from flask import Blueprint, Flask

app = Flask(__name__)
orders = Blueprint("orders", __name__, url_prefix="/old")
"""
EXPRESS = """
const express = require('express');
const app = express();
const router = express.Router();
"""
DJANGO = "from django.urls import include, path, re_path\n\nfrom shop import views\n\n"
NEST = "import { Controller, Get, Post, UseGuards } from '@nestjs/common';\n"


def flow_of(text: str, language: str) -> FileFlow:
    ending = {"python": "py", "javascript": "js", "typescript": "ts"}[language]
    text = textwrap.dedent(text)
    document = Document.open(f"file:///a.{ending}", text, path=f"/a.{ending}", language=language)
    return FileFlow([piece.item for piece in document.pieces], catalogue(family(language)))


def lines(text: str, language: str) -> list[str]:
    """Each endpoint as `METHOD /path handler [guards]`, with `…` before paths that may go on."""
    return [
        f"{e.method} {'' if e.is_complete else '…'}{e.path} {e.handler or '-'} {list(e.guards)}"
        for e in endpoints_of(flow_of(text, language))
    ]


CASES = [
    # -- FastAPI --
    ("python", FASTAPI + '@app.get("/a/{id}")\ndef a(id): ...', ["GET /a/{id} a []"]),
    (
        "python",
        FASTAPI + '@router.post("/{id:int}")\ndef a(id): ...',
        ["POST …/orders/{id} a ['require_staff']"],
    ),
    (
        "python",
        FASTAPI + '@router.get("/")\ndef a(): ...\n\napp.include_router(router, prefix="/v1")',
        ["GET /v1/orders/ a ['require_staff']"],
    ),
    (
        "python",
        FASTAPI + '@app.get("/a", dependencies=staff)\ndef a(): ...',
        ["GET /a a ['require_staff']"],
    ),
    (
        "python",
        FASTAPI + '@app.get("/a")\ndef a(me: CurrentUser, x: Annotated[int, Depends(one)]): ...',
        ["GET /a a ['CurrentUser', 'one']"],
    ),
    (
        "python",
        FASTAPI + '@app.api_route("/a", methods=["GET", "PUT"])\ndef a(): ...',
        ["GET /a a []", "PUT /a a []"],
    ),
    ("python", 'def test(api):\n    api.post("/a", json={})\n    api.get("/b", headers)', []),
    # -- Flask --
    ("python", FLASK + '@app.route("/a/<int:id>")\ndef a(id): ...', ["GET /a/{id} a []"]),
    (
        "python",
        FLASK + '@orders.route("/x", methods=["POST"])\ndef a(): ...',
        ["POST …/old/x a []"],
    ),
    (
        "python",
        FLASK
        + '@orders.route("/x")\n@login_required\ndef a(): ...\n\n'
        + 'app.register_blueprint(orders, url_prefix="/new")',
        ["GET /new/x a ['login_required']"],
    ),
    (
        "python",
        FLASK
        + '@orders.before_request\n@login\ndef check(): ...\n\n@orders.get("/x")\ndef a(): ...',
        ["GET …/old/x a ['login', 'check']"],
    ),
    (
        "python",
        'from . import main\n\n@main.route("/x")\ndef a(): ...',
        ["GET …/x a []"],
    ),
    (
        "python",
        FLASK + 'app.add_url_rule("/x", "x", a, methods=["DELETE"])',
        ["DELETE /x a []"],
    ),
    # -- Django --
    (
        "python",
        DJANGO
        + 'urlpatterns = [path("a/<int:pk>/", views.a), re_path(r"^b/(?P<s>[a-z]+)/$", views.b)]',
        ["ANY …/a/{pk}/ views.a []", "ANY …/b/{s}/ views.b []"],
    ),
    (
        "python",
        DJANGO + 'urlpatterns = [path("api/", include([path("a/", views.a)]))]',
        ["ANY …/api/a/ views.a []"],
    ),
    (
        "python",
        DJANGO
        + 'inner = [path("a/", views.a)]\nurlpatterns = [path("api/", include((inner, "x")))]',
        ["ANY …/api/a/ views.a []"],
    ),
    (
        "python",
        DJANGO
        + "class A(View):\n    def get(self, request): ...\n    def post(self, request): ...\n\n"
        + 'urlpatterns = [path("a/", A.as_view())]',
        ["GET …/a/ @A.get []", "POST …/a/ @A.post []"],
    ),
    # -- Express --
    (
        "javascript",
        EXPRESS + "app.get('/a/:id(\\\\d+)', auth, (req, res) => {});",
        ["GET /a/{id} - ['auth']"],
    ),
    (
        "javascript",
        EXPRESS + "router.route('/a').get(auth(), list).post(make);\napp.use('/x', limit, router);",
        ["GET /x/a list ['limit', 'auth']", "POST /x/a make ['limit']"],
    ),
    (
        "javascript",
        EXPRESS
        + "router.get('/', a);\nrouter.use(requireAuth);\nrouter.get('/b', b);\napp.use('/x', router);",
        ["GET /x a []", "GET /x/b b ['requireAuth']"],
    ),
    (
        "javascript",
        EXPRESS + "app.get('setting'); app.get('/a', [auth, list]);",
        ["GET /a list ['auth']"],
    ),
    ("javascript", EXPRESS + "app.get(['/a', '/b'], list);", ["GET /a list []", "GET /b list []"]),
    (
        "javascript",
        EXPRESS + "app.use(express.json());\napp.get('/a', list);",
        ["GET /a list []"],
    ),
    # -- NestJS --
    (
        "typescript",
        NEST
        + "@Controller('cats')\n@UseGuards(AuthGuard)\nexport class Cats {\n"
        + "  @Get(':id')\n  one() {}\n\n  @Post()\n  make() {}\n}",
        ["GET …/cats/{id} @Cats.one ['AuthGuard']", "POST …/cats @Cats.make ['AuthGuard']"],
    ),
]


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_endpoints(language: str, text: str, expected: list[str]) -> None:
    assert lines(text, language) == expected


def test_parameters_carry_what_restricts_them() -> None:
    flow = flow_of(EXPRESS + "app.get('/a/:id(\\\\d+)/:b', x);", "javascript")
    assert endpoints_of(flow)[0].parameters == ("id:\\d+", "b")
    flow = flow_of(FLASK + '@app.get("/a/<int:id>/<b>")\ndef a(id, b): ...', "python")
    assert endpoints_of(flow)[0].parameters == ("id:int", "b")


def test_mounts_of_other_files_go_by_their_imported_names() -> None:
    text = (
        EXPRESS
        + "const a = require('./routes/a');\napp.use('/a', a);\napp.use('/b', require('./b'));"
    )
    assert [m.child for m in routes_of(flow_of(text, "javascript")).mounts] == ["./routes/a", "./b"]
    text = FASTAPI + "from .routers import orders\n\napp.include_router(orders.router)"
    assert [m.child for m in routes_of(flow_of(text, "python")).mounts] == [
        ".routers.orders.router"
    ]


def test_handlers_are_found_with_their_items() -> None:
    flow = flow_of(EXPRESS + "function list(req, res) {}\napp.get('/a', list);", "javascript")
    ((item, endpoint),) = placed(flow)
    found = handler_of(flow, item, endpoint)
    assert found is not None
    assert found[1].name == "list"
    assert found[0] is not item
