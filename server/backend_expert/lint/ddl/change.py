"""One step of a migration, the same for SQL and for the calls of a framework."""

from typing import Literal as OneOf

import msgspec

from backend_expert.facts.code import Call
from backend_expert.facts.item import Item
from backend_expert.facts.query import Query
from backend_expert.text.span import Span

Kind = OneOf[
    "create-table", "drop-table", "add-column", "drop-column", "modify-column", "alter-type",
    "set-not-null", "set-default", "create-index", "drop-index", "add-foreign-key", "add-check",
    "add-unique", "add-primary-key", "add-exclude", "drop-constraint", "validate", "rename",
    "write", "code", "set", "begin", "commit", "other",
]  # fmt: skip

# What takes a lock that makes readers or writers of an existing table wait.
BLOCKING: frozenset[Kind] = frozenset(
    (
        "add-column", "drop-column", "modify-column", "alter-type", "set-not-null", "set-default",
        "create-index", "drop-index", "add-foreign-key", "add-check", "add-unique",
        "add-primary-key", "add-exclude", "drop-constraint", "validate", "rename", "drop-table",
    )
)  # fmt: skip


class Change(msgspec.Struct, frozen=True, eq=False):
    """One step: an action of an ALTER TABLE, a CREATE, a whole-table write, a setting.

    table, column: in lower case, without schema and quotes; empty when not known.
    traits: `not-null default generated identity concurrently not-valid using-index only unique
        primary-key references virtual` of what it adds; `alone`: the only action of its statement;
        `inside`, `outside`: it is known to run in a transaction, or in none; `hidden`: its
        arguments are not all seen; `algorithm lock`: what MySQL is told.
    default: the text of a column's default, as the database will read it; place: where SQL says it.
    name: of the index or constraint. condition: the text of a CHECK.
    span: of the action in the item called `home`, `item` itself when that is empty.
    """

    kind: Kind
    table: str
    span: Span
    item: Item
    home: str = ""
    column: str = ""
    name: str = ""
    default: str = ""
    condition: str = ""
    place: Span | None = None
    traits: frozenset[str] = frozenset()
    query: Query | None = None
    call: Call | None = None

    def has(self, trait: str) -> bool:
        """Whether it has a trait."""
        return trait in self.traits
