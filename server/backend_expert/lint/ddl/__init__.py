"""Migrations as rules see them: DDL only, whether SQL, Alembic, Django or Knex wrote it."""

from backend_expert.lint.ddl.change import Change
from backend_expert.lint.ddl.migration import Migration, changes_of_item, dialect_of, migration_of

__all__ = ["Change", "Migration", "changes_of_item", "dialect_of", "migration_of"]
