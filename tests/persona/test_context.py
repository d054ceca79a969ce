"""What the expert is shown beyond the selection: each builder on small projects on disk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from backend_expert.languages.python.lookup import is_ready
from backend_expert.persona.brief import Section, brief, builder
from backend_expert.persona.context import definitions
from backend_expert.persona.context.migrations import preceding
from backend_expert.persona.entries import sections
from backend_expert.persona.extract import Extract
from backend_expert.persona.place import Place
from backend_expert.persona.task import tasks
from backend_expert.workspace.survey import Survey

from tests.persona.conftest import SHOP, Desk, shop

Project = Callable[[dict[str, str], str, str], Place]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project of some files; the place of some words in one of them."""

    def made(files: dict[str, str], name: str, words: str) -> Place:
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        return Desk(files[name], name, tmp_path).place(words)

    return made


def built(name: str, place: Place) -> list[Section]:
    """The sections of a builder."""
    found = builder(name)(place)
    if found is None:
        return []
    return [found] if isinstance(found, Section) else list(found)


def text_of(name: str, place: Place) -> str:
    return "\n".join(section.text for section in built(name, place))


def test_definitions_come_from_the_file_and_from_those_it_imports(project: Project) -> None:
    files = {
        "pyproject.toml": "[project]\nname = 'shop'\n",
        "shop/__init__.py": "",
        "shop/rates.py": "def rate(of):\n    return 1.2\n\n\ndef other():\n    return 2\n",
        "shop/clients.py": (
            "class Client:\n    timeout = 3\n\n    def send(self, body):\n        return body\n"
        ),
        "shop/orders.py": (
            "from shop.clients import Client\nfrom shop.rates import rate\n\nVAT = 19\n\n\n"
            "def total(client: Client, order):\n    client.send(order)\n"
            "    return rate(order) * VAT\n"
        ),
    }
    place = project(files, "shop/orders.py", "client.send(order)\n    return rate(order) * VAT")
    found = built("definitions", place)
    assert [section.title for section in found] == [
        "Definitions used: shop/clients.py",
        "Definitions used: shop/rates.py",
        "Definitions used: shop/orders.py",
    ]
    assert all(section.path.endswith(section.title.partition(": ")[2]) for section in found)
    text = "\n".join(section.text for section in found)
    assert "def send(self, body):" in text
    assert "Line 1:\ndef rate(of):" in text
    assert "VAT = 19" in text
    assert "def other" not in text
    assert "def total" not in text


def test_what_the_facts_cannot_follow_is_asked_of_jedi(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "pyproject.toml": "[project]\nname = 'shop'\n",
        "shop/__init__.py": "",
        "shop/clients.py": (
            "class Client:\n    def send(self, body):\n        return body\n\n\n"
            "def clients():\n    return {'a': Client()}\n"
        ),
        "shop/orders.py": (
            "from shop.clients import clients\n\n\n"
            "def total(order):\n    one = clients()['a']\n    return one.send(order)\n"
        ),
    }
    monkeypatch.setattr(definitions, "_PATIENCE", 60)
    place = project(files, "shop/orders.py", "one.send(order)")
    assert is_ready(waits=True)
    assert "def send(self, body):" in text_of("definitions", place)


def test_definitions_of_javascript(project: Project) -> None:
    files = {
        "package.json": '{"type": "module"}',
        "src/db.js": "export async function load(id) {\n  return id;\n}\n",
        "src/app.js": (
            "import { load } from './db.js';\n\nexport const show = (id) => load(id);\n"
        ),
    }
    place = project(files, "src/app.js", "load(id)")
    assert "export async function load(id) {\n  return id;\n}" in text_of("definitions", place)


def test_the_schema_is_that_of_the_tables_that_are_touched() -> None:
    desk = shop("api/shop/reporting.py")
    found = built("schema", desk.place("WHERE archived_at = NULL"))
    assert [section.title.rpartition("/")[2] for section in found] == ["0001_init.sql", "models.py"]
    text = "\n".join(section.text for section in found)
    assert "CREATE TABLE products" in text
    assert "CREATE INDEX products_featured_idx" in text
    assert "class Product(Base)" in text
    assert "CREATE TABLE orders" not in text


def test_a_service_without_migrations_is_shown_those_of_the_workspace() -> None:
    place = shop("notifications/src/routes/deliveries.js").place()
    assert "CREATE TABLE deliveries" in text_of("schema", place)


def test_of_a_migration_what_precedes_it_is_shown() -> None:
    found = built("migrations", shop("api/migrations/0006_order_currency.sql").place())
    assert len(found) == 1
    assert found[0].title.endswith("before this one: api/migrations/0005_orders_by_status.sql")
    assert found[0].path == str(SHOP / "api/migrations/0005_orders_by_status.sql")


def test_a_chain_of_revisions_is_followed_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "alembic" / "versions"
    folder.mkdir(parents=True)
    (folder / "zz_first.py").write_text("revision = 'aa1'\ndown_revision = None\n")
    (folder / "aa_second.py").write_text("revision = 'bb2'\ndown_revision = 'aa1'\n")
    survey = Survey(str(tmp_path))
    second = str(folder / "aa_second.py")
    assert preceding(survey, second) == str(folder / "zz_first.py")
    assert preceding(survey, str(folder / "zz_first.py")) == ""


def test_steps_of_migrations_in_code_are_shown(project: Project) -> None:
    files = {
        "pyproject.toml": "[project]\nname = 'shop'\ndependencies = ['alembic']\n",
        "migrations/versions/1_a.py": (
            "from alembic import op\nimport sqlalchemy as sa\n\nrevision = '1'\n\n\n"
            "def upgrade():\n    op.add_column('orders', sa.Column('currency', sa.Text()))\n"
            "    op.drop_column('refunds', 'reason')\n"
        ),
        "shop/orders.py": (
            "import sqlite3\n\n\ndef load(id):\n"
            "    return sqlite3.connect('a').execute('SELECT id FROM orders WHERE id = ?', (id,))\n"
        ),
    }
    found = built("migrations", project(files, "shop/orders.py", "SELECT id FROM orders"))
    (only,) = found
    assert only.title == "Earlier migration: migrations/versions/1_a.py"
    assert "op.add_column('orders', sa.Column('currency', sa.Text()))" in only.text
    assert "refunds" not in only.text


def test_numbers_in_names_of_migrations_count_as_numbers(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    for name in ("10_c.sql", "2_b.sql", "1_a.sql"):
        (folder / name).write_text("SELECT 1;")
    names = [Path(path).name for path in Survey(str(tmp_path)).migrations]
    assert names == ["1_a.sql", "2_b.sql", "10_c.sql"]


def test_tests_that_name_the_function_and_the_framework_are_shown(project: Project) -> None:
    files = {
        "pyproject.toml": "[project]\nname = 'shop'\ndependencies = ['pytest']\n",
        "shop/totals.py": "def total_of(order):\n    return 1\n",
        "tests/conftest.py": "import pytest\n\n\n@pytest.fixture\ndef order():\n    return 1\n",
        "tests/test_totals.py": (
            "from shop.totals import total_of\n\n\n"
            "def test_empty():\n    assert total_of([]) == 1\n\n\n"
            "def test_else():\n    assert True\n"
        ),
    }
    place = project(files, "shop/totals.py", "return 1")
    how, cases = built("tests", place)
    assert how.text == "Tests are written with pytest.\nFixtures that they share: order."
    assert cases.text == "Line 4:\ndef test_empty():\n    assert total_of([]) == 1"
    assert cases.title == "Existing tests: tests/test_totals.py"


def test_tests_of_an_endpoint_are_those_that_ask_for_its_path() -> None:
    place = shop("notifications/src/routes/subscriptions.js").place()
    assert "node:test" in text_of("tests", place)
    place = shop("api/shop/routers/products.py").place()
    assert "/products" in text_of("tests", place)


def test_the_project_is_the_same_for_all_places() -> None:
    one = built("project", shop("api/shop/reporting.py").place())
    other = built("project", shop("api/shop/checkout.py").place())
    assert one == other
    assert one[0].is_stable
    assert "Database: PostgreSQL" in one[0].text
    assert "SQLAlchemy" in one[0].text


def test_what_is_over_the_share_is_left_out_whole_and_named() -> None:
    entries = [Extract("/w/a.py", 1, "one", "x" * 50), Extract("/w/a.py", 9, "two", "y" * 50)]
    (only,) = sections("Definitions used", entries, "/w", 70)
    assert only.title == "Definitions used: a.py"
    assert only.text == f"Line 1:\n{'x' * 50}\n\nLeft out for want of room: two."
    assert only.path == "/w/a.py"


def test_each_section_of_another_file_names_its_path() -> None:
    place = shop("api/shop/checkout.py").place()
    for section in brief(tasks()["ask"], place, "why?").sections:
        if ": api/" in section.title:
            name = section.title.partition(": ")[2].partition(",")[0]
            assert section.path == str(SHOP / name), section.title
