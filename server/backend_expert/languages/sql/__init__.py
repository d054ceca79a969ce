"""SQL: from strings and files to queries."""

from backend_expert.languages.reader import Reader
from backend_expert.languages.sql.dialect import Evidence, dialect_of
from backend_expert.languages.sql.read import read_queries, read_query
from backend_expert.languages.sql.reader import SqlReader

READERS: dict[str, Reader] = {"sql": SqlReader()}

__all__ = ["READERS", "Evidence", "dialect_of", "read_queries", "read_query"]
