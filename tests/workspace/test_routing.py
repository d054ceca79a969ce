"""Endpoints with the prefixes of routers that other files mount."""

import textwrap
from pathlib import Path

import pytest
from backend_expert.flow.endpoints import routes_of
from backend_expert.flow.file import FileFlow
from backend_expert.technologies.catalogue import catalogue, family
from backend_expert.workspace.documents import read
from backend_expert.workspace.modules import candidates
from backend_expert.workspace.routing import Routing


def routing(root: Path, files: dict[str, str]) -> Routing:
    table = {}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    for name in files:
        document = read(root / name)
        known = catalogue(family(document.language))
        flow = FileFlow([piece.item for piece in document.pieces], known)
        table[str(root / name)] = routes_of(flow)
    speech = "python" if next(iter(files)).endswith(".py") else "javascript"
    return Routing(table, lambda dotted, path: candidates(dotted, path, str(root), speech))


FASTAPI = {
    "shop/main.py": """
        from fastapi import FastAPI
        from shop.api import api

        app = FastAPI()
        app.include_router(api, prefix="/v1")
    """,
    "shop/api.py": """
        from fastapi import APIRouter, Depends
        from .routers import orders

        api = APIRouter(prefix="/api", dependencies=[Depends(known)])
        api.include_router(orders.router, prefix="/shop")
    """,
    "shop/routers/__init__.py": "",
    "shop/routers/orders.py": """
        from fastapi import APIRouter

        router = APIRouter(prefix="/orders")

        @router.get("/{id}")
        def one(id: int): ...
    """,
}
FLASK = {
    "app/__init__.py": """
        from flask import Flask

        def create_app():
            app = Flask(__name__)
            from .auth import auth as auth_blueprint
            app.register_blueprint(auth_blueprint, url_prefix="/auth")
            return app
    """,
    "app/auth/__init__.py": """
        from flask import Blueprint

        auth = Blueprint("auth", __name__)
        from . import views
    """,
    "app/auth/views.py": """
        from . import auth

        @auth.route("/login", methods=["POST"])
        def login(): ...
    """,
}
LOOPED = {
    "shop/main.py": """
        from fastapi import FastAPI

        def create_app():
            from shop import orders, users
            app = FastAPI()
            for module in (orders, users):
                app.include_router(module.router, prefix="/v1")
            return app
    """,
    "shop/orders.py": """
        from fastapi import APIRouter

        router = APIRouter(prefix="/orders")

        @router.get("/{id}")
        def one(id: int): ...
    """,
    "shop/users.py": "from fastapi import APIRouter\nrouter = APIRouter()\n",
}
DJANGO = {
    "site/urls.py": """
        from django.urls import include, path

        urlpatterns = [path("shop/", include("shop.urls"))]
    """,
    "shop/urls.py": """
        from django.urls import path
        from . import views

        urlpatterns = [path("orders/<int:id>/", views.order)]
    """,
}
EXPRESS = {
    "src/app.js": """
        const express = require('express');
        const { orders } = require('./routes/orders');
        const app = express();
        app.use('/v1', requireUser, require('./routes'));
        app.use('/orders', orders);
    """,
    "src/routes/index.js": """
        const router = require('express').Router();
        const users = require('./users');
        router.use('/users', users);
        module.exports = router;
    """,
    "src/routes/users.js": """
        const express = require('express');
        const router = express.Router();
        router.get('/', list);
        module.exports = router;
    """,
    "src/routes/orders.js": """
        import { Router } from 'express';
        export const orders = Router();
        orders.get('/:id', one);
    """,
}
CASES = [
    (FASTAPI, "shop/routers/orders.py", "GET /v1/api/shop/orders/{id} ['known']"),
    (LOOPED, "shop/orders.py", "GET /v1/orders/{id} []"),
    (FLASK, "app/auth/views.py", "POST /auth/login []"),
    (DJANGO, "shop/urls.py", "ANY /shop/orders/{id}/ []"),
    (EXPRESS, "src/routes/users.js", "GET /v1/users ['requireUser']"),
    (EXPRESS, "src/routes/orders.js", "GET /orders/{id} []"),
]


@pytest.mark.parametrize(("files", "path", "expected"), CASES)
def test_full_paths(tmp_path: Path, files: dict[str, str], path: str, expected: str) -> None:
    (endpoint,) = routing(tmp_path, files).endpoints(str(tmp_path / path))
    assert f"{endpoint.method} {endpoint.path} {list(endpoint.guards)}" == expected
    assert endpoint.is_complete


def test_a_router_that_nobody_mounts_stays_incomplete(tmp_path: Path) -> None:
    files = {"orders.py": FASTAPI["shop/routers/orders.py"]}
    (endpoint,) = routing(tmp_path, files).endpoints(str(tmp_path / "orders.py"))
    assert (endpoint.path, endpoint.is_complete) == ("/orders/{id}", False)


def test_routers_that_mount_each_other_end(tmp_path: Path) -> None:
    text = (
        "from fastapi import APIRouter\nfrom {0} import r as other\nr = APIRouter(prefix='/{0}')\n"
    )
    files = {
        "a.py": text.format("b") + "r.include_router(other)\n@r.get('/x')\ndef x(): ...",
        "b.py": text.format("a") + "r.include_router(other)",
    }
    assert not routing(tmp_path, files).endpoints(str(tmp_path / "a.py"))[0].is_complete
