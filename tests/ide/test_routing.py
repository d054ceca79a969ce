"""Endpoints in hovers, lenses and symbols have the prefixes that other files give their routers."""

import asyncio
import os
import textwrap
from pathlib import Path

import pytest
from backend_expert.ide.desk import checked
from backend_expert.ide.hover import hover
from backend_expert.ide.lenses import lenses
from backend_expert.ide.routing import LATER, changed, endpoints_in, found
from backend_expert.ide.symbols import symbols
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Documents, Snapshot, read, rewritten
from backend_expert.workspace.mounting import Mounting

FASTAPI = {
    "pyproject.toml": "[project]\nname = 'shop'\n",
    "shop/main.py": """
        from fastapi import Depends, FastAPI
        from shop.routers import orders_router

        app = FastAPI()
        app.include_router(orders_router, prefix="/v1", dependencies=[Depends(signed_in)])
    """,
    "shop/routers/__init__.py": "from shop.routers.orders import router as orders_router\n",
    "shop/routers/orders.py": """
        from fastapi import APIRouter

        router = APIRouter(prefix="/orders")

        @router.get("/{id}")
        def one(id: int):
            return id
    """,
    "tests/test_orders.py": """
        from fastapi import FastAPI
        from shop.routers.orders import router

        app = FastAPI()
        app.include_router(router, prefix="/test")
    """,
}
EXPRESS = {
    "package.json": "{}",
    "src/app.js": """
        import express from 'express';
        import orders from './orders.js';
        const app = express();
        app.use('/v1/orders', requireUser, orders);
    """,
    "src/orders.js": """
        import { Router } from 'express';
        const router = Router();
        router.get('/:id', (req, res) => { res.json({}); });
        export default router;
    """,
}


class Desk:
    """A workspace on disk with some of its files open."""

    def __init__(self, root: Path, files: dict[str, str]) -> None:
        self.root = root
        self.documents = Documents()
        self.documents.set_roots((str(root),))
        for name, text in files.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> str:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
        return str(path)

    def open(self, name: str) -> Document:
        document = read(self.root / name)
        self.documents.put(document)
        return document

    def edit(self, name: str, old: str, new: str) -> None:
        document = self.documents.get((self.root / name).as_uri())
        assert document is not None and old in document.text
        self.documents.put(
            rewritten(document, document.text.replace(old, new), document.version + 1)
        )

    def told(self, name: str) -> list[str]:
        """The endpoints of a file, in words."""
        document = self.documents.get((self.root / name).as_uri()) or self.open(name)
        snapshot = self.documents.snapshot()
        found = endpoints_in(snapshot, checked(snapshot, document))
        fresh = Desk.__new__(Desk)
        fresh.documents = Documents()
        fresh.documents.set_roots((str(self.root),))
        for uri in self.documents.uris:
            known = self.documents.get(uri)
            assert known is not None
            fresh.documents.put(Document.open(uri, known.text, path=known.path))
        again = fresh.documents.snapshot()
        same = again.document(document.uri)
        assert same is not None
        assert endpoints_in(again, checked(again, same)) == found
        return [
            f"{e.method} {e.path} {list(e.guards)}{'' if e.is_complete else ' …'}" for e in found
        ]


ORDERS = "shop/routers/orders.py"


def test_prefix_and_guards_of_a_file_that_is_not_open(tmp_path: Path) -> None:
    assert Desk(tmp_path, FASTAPI).told(ORDERS) == ["GET /v1/orders/{id} ['signed_in']"]
    other = tmp_path / "js"
    assert Desk(other, EXPRESS).told("src/orders.js") == ["GET /v1/orders/{id} ['requireUser']"]


def test_hover_lens_and_symbol_show_the_full_path(tmp_path: Path) -> None:
    desk = Desk(tmp_path, FASTAPI)
    document = desk.open(ORDERS)
    snapshot = desk.documents.snapshot()
    shown = hover(snapshot, document.uri, document.text.index("/{id}"))
    assert shown is not None and "GET `/v1/orders/{id}`**\n" in shown.markdown
    assert "signed_in" in shown.markdown
    assert lenses(snapshot, document.uri)[0].command.title.startswith("GET /v1/orders/{id}")
    assert symbols(snapshot, document.uri)[0].name == "GET /v1/orders/{id}"


def test_edits_of_the_open_file_that_mounts_count_at_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path, FASTAPI)
    desk.open("shop/main.py")
    assert desk.told(ORDERS) == ["GET /v1/orders/{id} ['signed_in']"]
    desk.edit("shop/main.py", "/v1", "/v2")
    assert desk.told(ORDERS) == ["GET /v2/orders/{id} ['signed_in']"]
    desk.edit("shop/main.py", "app.include_router", "# app.include_router")
    assert desk.told(ORDERS) == ["GET /orders/{id} [] …"]
    desk.edit("shop/main.py", "# app.include_router", "app.include_router")
    desk.edit(ORDERS, 'prefix="/orders"', 'prefix="/bills"')
    assert desk.told(ORDERS) == ["GET /v2/bills/{id} ['signed_in']"]
    desk.documents.close((tmp_path / "shop/main.py").as_uri())  # not saved
    assert desk.told(ORDERS) == ["GET /v1/bills/{id} ['signed_in']"]


def test_changes_on_disk_count_when_they_are_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path, FASTAPI)
    desk.told(ORDERS)
    path = desk.write("shop/main.py", FASTAPI["shop/main.py"].replace("/v1", "/v3"))
    os.utime(path, ns=(1, 1))
    assert changed(desk.documents.snapshot(), path)
    assert desk.told(ORDERS) == ["GET /v3/orders/{id} ['signed_in']"]


COMPUTED = 'app.include_router(orders_router, prefix="/v1", dependencies=[Depends(signed_in)])'


@pytest.mark.parametrize(
    "instead",
    [
        "app.include_router(orders_router, prefix=settings.prefix)",
        "app.include_router(orders_router, prefix='/a')\napp.include_router(orders_router, prefix='/b')",
        "app.include_router(orders_router, prefix=f'/{version}')",
    ],
)
def test_a_computed_prefix_or_a_second_mount_is_not_guessed(tmp_path: Path, instead: str) -> None:
    main = textwrap.dedent(FASTAPI["shop/main.py"]).replace(COMPUTED, instead)
    assert Desk(tmp_path, {**FASTAPI, "shop/main.py": main}).told(ORDERS) == [
        "GET /orders/{id} [] …"
    ]


def test_a_computed_path_of_express_is_not_guessed(tmp_path: Path) -> None:
    app = EXPRESS["src/app.js"].replace("'/v1/orders', requireUser", "config.basePath")
    told = Desk(tmp_path, {**EXPRESS, "src/app.js": app}).told("src/orders.js")
    assert told == ["GET /{id} [] …"]


def later(folder: Path) -> tuple[list[Mounting], Snapshot, Document]:
    """What is put off until nobody waits, and a file whose paths depend on it."""
    desk = Desk(folder, FASTAPI)
    waiting: list[Mounting] = []
    desk.documents = Documents({LATER: waiting.append})
    desk.documents.set_roots((str(folder),))
    document = desk.open(ORDERS)
    return waiting, desk.documents.snapshot(), document


def test_nothing_waits_for_files_that_are_still_to_be_looked_at(tmp_path: Path) -> None:
    waiting, snapshot, document = later(tmp_path)
    (endpoint,) = endpoints_in(snapshot, checked(snapshot, document))
    assert (endpoint.path, endpoint.is_complete) == ("/orders/{id}", False)
    waiting[0].finish()
    (endpoint,) = endpoints_in(snapshot, checked(snapshot, document))
    assert (endpoint.path, endpoint.is_complete) == ("/v1/orders/{id}", True)


def test_an_answer_waits_for_whole_paths(tmp_path: Path) -> None:
    waiting, snapshot, document = later(tmp_path)
    asyncio.run(found(snapshot, document.uri))
    (endpoint,) = endpoints_in(snapshot, checked(snapshot, document))
    assert (endpoint.path, waiting) == ("/v1/orders/{id}", [])
