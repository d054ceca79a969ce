"""The offline expert on single findings, queries, indexes, migrations, production and questions."""

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from tests.persona.conftest import RULES, Desk, shop
from tests.persona.test_answers import body

RISKY = ("database/migration-not-null-unsafe", "database/migration-index-not-concurrent")
SCHEMA = """\
CREATE TABLE orders (
    id bigint PRIMARY KEY, customer_id bigint NOT NULL, status text NOT NULL,
    total numeric(12, 2) NOT NULL, placed_at timestamptz NOT NULL, UNIQUE (customer_id, placed_at)
);
CREATE INDEX orders_old_idx ON orders (total);
DROP INDEX orders_old_idx;
CREATE INDEX orders_open_idx ON orders (placed_at) WHERE status = 'open';
"""


async def test_a_finding_is_fixed_and_the_fix_is_proved() -> None:
    source = "import requests\n\n\ndef rates(url):\n    return requests.get(url).json()\n"
    answer = await Desk(source, "a.py").ask("fix", "requests.get(url)")
    text = body(answer.text)
    assert text.startswith("Line 5: **no timeout: a stalled server holds this worker for ever**")
    assert "*Proved: the file parses after this edit" in text
    assert "Leave it off" not in text
    (after,) = answer.after
    assert "timeout=" in after


async def test_a_finding_without_a_fix_is_told_with_what_to_do() -> None:
    desk = shop("api/migrations/0006_order_currency.sql", RISKY)
    answer = await desk.ask("fix")
    assert answer.proposals == []
    assert "add it nullable, fill it in batches" in body(answer.text)
    assert "No edit is sure to be right here" in answer.text


async def test_nothing_to_fix() -> None:
    answer = await Desk("x = 1\n", "a.py").ask("fix")
    assert body(answer.text) == "The checks find nothing here, so there is nothing to fix.\n"


async def test_a_query_is_explained_with_its_indexes() -> None:
    desk = shop("api/shop/reporting.py")
    answer = await desk.ask("query", "SELECT id, total, placed_at FROM orders")
    text = body(answer.text)
    assert "the index `orders_status_idx` `(status, placed_at, id)`" in text
    assert "`api/migrations/0005_orders_by_status.sql`" in text
    assert "`orders`: by the index" in text


def ordered(tmp_path: Path, query: str, dialect: str = "postgresql") -> Desk:
    """A project with a table of orders, and one query of it."""
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "1.sql").write_text(SCHEMA)
    (tmp_path / ".env.example").write_text(f"DATABASE_URL={dialect}://localhost/shop\n")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    return Desk(f"{query};\n", "query.sql", tmp_path)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT id FROM orders WHERE id = 1", "The primary key `(id)` of"),
        (
            "SELECT id FROM orders WHERE customer_id = 1 ORDER BY placed_at LIMIT 9",
            "The UNIQUE `(customer_id, placed_at)` of",
        ),
        (
            "SELECT id FROM orders WHERE status = 'open' AND placed_at > now()",
            "CONCURRENTLY orders_status_placed_at_idx ON orders (status, placed_at);",
        ),
        (
            "SELECT id FROM orders WHERE status = 'paid' AND total > 5 ORDER BY placed_at LIMIT 9",
            "ON orders (status, placed_at);",
        ),
        (
            "SELECT id FROM orders WHERE status = 'paid' AND total > 5 ORDER BY placed_at",
            "ON orders (status, total);",
        ),
        (
            "SELECT id FROM orders ORDER BY placed_at DESC, id LIMIT 9",
            "ON orders (placed_at DESC, id);",
        ),
        ("SELECT id FROM orders WHERE total > 5", "orders_total_idx ON orders (total);"),
        (
            "SELECT id FROM orders WHERE lower(status) = 'paid'",
            "`lower(status)` is worked out for each row",
        ),
        ("SELECT id FROM orders WHERE status LIKE '%aid'", "begins with a wildcard"),
        ("SELECT id FROM orders WHERE status = 'a' OR total = 1", "has OR across columns"),
        ("SELECT id FROM orders WHERE status = NULL", "is never true: `status` needs `IS NULL`"),
        ("INSERT INTO orders (id) VALUES (1)", "An INSERT looks for no rows"),
        ("SELECT id FROM others WHERE a = 1", "No SQL migration of the project creates `others`"),
    ],
)
async def test_an_index_is_designed_or_found(query: str, said: str, tmp_path: Path) -> None:
    answer = await ordered(tmp_path, query).ask("index")
    assert said in body(answer.text)
    assert ("serves this already" in answer.text) is said.startswith("The ")


async def test_an_index_for_mysql_is_built_in_place(tmp_path: Path) -> None:
    answer = await ordered(tmp_path, "SELECT id FROM orders WHERE total > 5", "mysql").ask("index")
    assert "ON orders (total) ALGORITHM = INPLACE LOCK = NONE;" in answer.text
    assert "CONCURRENTLY" not in answer.text


async def test_the_steps_to_production() -> None:
    answer = await shop("api/shop/checkout.py").ask("production")
    text = body(answer.text)
    assert (
        "`payments.charge`, may fail in ways that the facts do not tell. `PaymentError` is caught"
        in text
    )
    assert "`lock_order`, may wait for a connection or a lock, or be broken off." in text
    assert "3 of these steps are not caught here: an error goes to the caller." in text


async def test_production_mends_what_rules_can() -> None:
    source = "import requests\n\n\ndef rates(url):\n    return requests.get(url).json()\n"
    answer = await Desk(source, "a.py").ask("production")
    assert "may hang, be refused, or answer with an error status" in answer.text
    assert "timeout=" in answer.after[0]


async def test_code_that_stays_inside_needs_nothing() -> None:
    answer = await Desk("def add(one, other):\n    return one + other\n", "a.py").ask("production")
    assert body(answer.text).startswith("Nothing here leaves the process")


async def test_a_migration_is_reviewed_statement_by_statement() -> None:
    answer = await shop("api/migrations/0005_orders_by_status.sql", RISKY).ask("migration")
    assert body(answer.text) == snapshot("""\
## What it locks

- Line 5, `CREATE INDEX orders_status_idx ON orders (status, placed_at, id)` takes SHARE; writers wait, and readers do not, until the index is built.

`lock_timeout` is set: a statement that does not get its lock gives up, and those who queue behind it go on. Run the migration again then.

## What the checks say

- Line 5: writes to `orders` wait while this index is built · `database/migration-index-not-concurrent` · quick fix

## The safe order

1. Build it in a migration of its own, outside any transaction, with `CREATE INDEX CONCURRENTLY`.
""")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("ALTER TABLE t ADD COLUMN a text", "readers and writers wait for a moment."),
        ("ALTER TABLE t ADD COLUMN a uuid DEFAULT gen_random_uuid()", "indexes are written anew."),
        ("ALTER TABLE t ADD COLUMN a text DEFAULT mine()", "if the default is the same for all"),
        ("ALTER TABLE t ALTER COLUMN a SET NOT NULL", "CHECK (a IS NOT NULL) NOT VALID;"),
        ("ALTER TABLE t ALTER COLUMN a TYPE bigint", "Add a second column with the new type"),
        ("CREATE INDEX CONCURRENTLY i ON t (a)", "nobody who reads or writes waits."),
        ("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id)", "`NOT VALID`"),
        ("ALTER TABLE t ADD CONSTRAINT f UNIQUE (a)", "CREATE UNIQUE INDEX CONCURRENTLY"),
        ("ALTER TABLE t DROP COLUMN a", "neither reads nor writes `a`"),
        ("ALTER TABLE t VALIDATE CONSTRAINT f", "takes SHARE UPDATE EXCLUSIVE;"),
        ("CREATE TABLE t (id bigint PRIMARY KEY)", "`t` is made here: nobody uses it yet"),
        ("SELECT 1", "These lines change no schema"),
    ],
)
async def test_what_a_statement_locks(statement: str, said: str, tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_text("DATABASE_URL=postgresql://localhost/shop\n")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    answer = await Desk(f"{statement};\n", "migrations/2.sql", tmp_path).ask("migration")
    assert said in body(answer.text)


async def test_a_question_gets_the_facts_and_where_to_look() -> None:
    desk = shop("api/shop/checkout.py", RULES)
    answer = await desk.ask("ask", question="What if the provider is down?")
    assert "`PaymentError` is logged and becomes `HTTPException`" in answer.text
    assert "- What it uses is defined in" in answer.text
    assert "`api/shop/checkout.py`" not in answer.text.partition("Where to look further")[2]
    assert "`api/migrations/0001_init.sql`" in answer.text
