"""Apply the SQL files in migrations/, in order, each of them once."""

import logging
import sys
from pathlib import Path

import psycopg

logger = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def _statements(sql: str) -> list[str]:
    """The statements of a migration file, without its comment lines."""
    code = "\n".join(line for line in sql.splitlines() if not line.startswith("--"))
    return [part.strip() for part in code.split(";") if part.strip()]


def migrate(database_url: str, folder: Path = MIGRATIONS) -> list[str]:
    """Bring the database up to date and return the names of the files just applied."""
    applied = []
    with psycopg.connect(database_url, autocommit=True, connect_timeout=5) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations ("
            " name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        done = {name for (name,) in connection.execute("SELECT name FROM schema_migrations")}
        for path in sorted(folder.glob("*.sql")):
            if path.name not in done:
                _apply(connection, path)
                applied.append(path.name)
                logger.info("applied %s", path.name)
    return applied


def _apply(connection: psycopg.Connection, path: Path) -> None:
    """Run one file in a transaction, unless it builds an index concurrently."""
    statements = _statements(path.read_text())
    if any("CONCURRENTLY" in statement.upper() for statement in statements):
        for statement in statements:
            connection.execute(statement)
        _remember(connection, path.name)
        return
    with connection.transaction():
        for statement in statements:
            connection.execute(statement)
        _remember(connection, path.name)


def _remember(connection: psycopg.Connection, name: str) -> None:
    connection.execute("INSERT INTO schema_migrations (name) VALUES (%s)", (name,))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    migrate(sys.argv[1])
