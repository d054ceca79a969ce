"""The service is put together from its files: endpoints, calls, queries, tables, queues."""

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from backend_expert.ide.scopes import Scopes
from backend_expert.ide.service.graph import Graph
from backend_expert.ide.service.overview import overview_of
from backend_expert.ide.service.shapes import Range, Sketch
from backend_expert.ide.service.sketch import sketch
from backend_expert.lint.checked import Checked
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document

APP = """
from fastapi import FastAPI
from shop.orders import router
app = FastAPI()
app.include_router(router, prefix="/v1")
"""
ORDERS = """
import psycopg
from fastapi import APIRouter
from shop.mail import tell
router = APIRouter(prefix="/orders")

@router.get("/{id}")
def one(id: int, conn: psycopg.Connection):
    return load(conn, id)

@router.post("/")
def add(conn: psycopg.Connection):
    conn.execute("INSERT INTO orders (id) VALUES (1)")
    tell("added")

def load(conn: psycopg.Connection, id: int):
    return conn.execute("SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id").fetchone()

def unused():
    return 1
"""
MAIL = """
import pika
import requests

def tell(word):
    requests.post("https://mail.example.org/send", json={"word": word}, timeout=5)

def publish(channel: pika.adapters.blocking_connection.BlockingChannel):
    channel.basic_publish("shop", "order.added", b"")

def listen(channel: pika.adapters.blocking_connection.BlockingChannel):
    channel.queue_bind("mails", "shop", "order.*")
    channel.basic_consume("mails", on_mail)

def on_mail(channel, method, properties, body):
    tell("mail")
"""
SCHEMA = "CREATE TABLE orders (id bigint primary key, customer_id bigint);\n"
EXPRESS = """
const express = require("express");
const { Pool } = require("pg");
const pool = new Pool();
const app = express();
app.get("/livez", async (req, res) => {
  res.json((await pool.query("SELECT id FROM probes")).rows);
});
"""
FILES = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi", "psycopg", "pika"]\n',
    "shop/__init__.py": "",
    "shop/app.py": APP,
    "shop/orders.py": ORDERS,
    "shop/mail.py": MAIL,
    "migrations/1.sql": SCHEMA,
    "tests/test_orders.py": ORDERS,
}

Sketches = Callable[[dict[str, str]], list[Sketch]]


@pytest.fixture
def sketches(tmp_path: Path) -> Sketches:
    def made(files: dict[str, str]) -> list[Sketch]:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        scopes = Scopes((str(tmp_path),))
        found: list[Sketch] = []
        for name in files:
            path = str(tmp_path / name)
            if path.endswith((".py", ".js", ".sql")):
                document = Document.open(Path(path).as_uri(), files[name], path=path)
                checked = Checked(document, name, scopes.scope_for(path))
                one = sketch(checked, ranged)
                found += [one] if one is not None else []
        return found

    return made


def ranged(document: Document, span: Span) -> Range:
    return (*document.position(span.start), *document.position(span.end))


def edges(graph: Graph) -> set[tuple[str, str, str]]:
    parts = graph.parts
    return {(parts[e.source].label, e.how, parts[e.target].label) for e in graph.edges.values()}


def test_an_endpoint_leads_through_functions_and_queries_to_tables(sketches: Sketches) -> None:
    graph = Graph(sketches(FILES))
    assert {
        ("GET /v1/orders/{id}", "calls", "load"),
        ("load", "runs", "SELECT orders, customers"),
        ("SELECT orders, customers", "reads", "orders"),
        ("SELECT orders, customers", "reads", "customers"),
        ("POST /v1/orders/", "runs", "INSERT orders"),
        ("INSERT orders", "writes", "orders"),
        ("POST /v1/orders/", "calls", "tell"),
        ("tell", "calls", "mail.example.org"),
    } <= edges(graph)


def test_queues_are_fed_bound_and_consumed(sketches: Sketches) -> None:
    assert {
        ("publish", "publishes", "shop"),
        ("shop", "order.*", "mails"),
        ("mails", "feeds", "on_mail"),
        ("on_mail", "calls", "tell"),
    } <= edges(Graph(sketches(FILES)))


def test_functions_that_lead_nowhere_and_tests_are_left_out(sketches: Sketches) -> None:
    graph = Graph(sketches(FILES))
    labels = [part.label for part in graph.parts.values()]
    assert "unused" not in labels
    assert "one" not in labels  # the endpoint stands for its handler
    assert labels.count("INSERT orders") == 1


def test_a_table_leads_to_where_it_is_created(sketches: Sketches) -> None:
    graph = Graph(sketches(FILES))
    spot = graph.parts["table:orders"].spot
    assert spot is not None
    assert spot.path.endswith("migrations/1.sql")
    assert spot.range == (0, 13, 0, 19)


def test_a_nameless_handler_stands_for_its_endpoint(sketches: Sketches) -> None:
    files = {"package.json": '{"dependencies": {"express": "5", "pg": "8"}}', "app.js": EXPRESS}
    assert edges(Graph(sketches(files))) == {
        ("GET /livez", "runs", "SELECT probes"),
        ("SELECT probes", "reads", "probes"),
    }


def test_mapped_classes_are_known_by_their_tables(sketches: Sketches) -> None:
    models = """
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy import select
from enum import Enum

class Base(DeclarativeBase):
    pass

class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)

class State(Enum):
    OPEN = 1

def first(session: Session):
    return session.scalars(select(Order).where(Order.id == State.OPEN.value)).first()
"""
    files = {"pyproject.toml": FILES["pyproject.toml"], "models.py": models}
    assert edges(Graph(sketches(files))) == {("first", "reads", "orders")}


def test_the_overview_has_what_a_tree_shows(sketches: Sketches) -> None:
    found = overview_of(sketches(FILES))
    assert [one.label for one in found.endpoints] == ["POST /v1/orders/", "GET /v1/orders/{id}"]
    assert [one.label for one in found.queries] == ["INSERT orders", "SELECT orders, customers"]
    assert [one.label for one in found.tables] == ["customers", "orders"]
    orders = found.tables[1]
    assert [one.label for one in orders.entries] == [
        "defined here", "INSERT orders", "SELECT orders, customers",
    ]  # fmt: skip
    assert [one.label for one in found.workloads] == ["mails", "shop"]
    assert all(group.entries for group in found.findings)


@pytest.mark.parametrize(
    "order", list(itertools.permutations(("shop/app.py", "shop/orders.py", "shop/mail.py")))
)
def test_the_order_of_files_does_not_matter(sketches: Sketches, order: tuple[str, ...]) -> None:
    files = {name: FILES[name] for name in ("pyproject.toml", "shop/__init__.py", *order)}
    graph = Graph(sketches(files))
    assert ("GET /v1/orders/{id}", "calls", "load") in edges(graph)
    assert ("mails", "feeds", "on_mail") in edges(graph)
