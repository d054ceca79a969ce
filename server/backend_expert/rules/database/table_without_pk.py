"""A table without a primary key has rows that nobody can point at.

A row that is there twice cannot be deleted once, logical replication refuses UPDATE and DELETE,
MySQL makes up a hidden key, and tools that page or copy have nothing to go by. Give it an identity
column, or declare the columns that identify a row anyway.

Leave it off for tables that are only ever appended to and dropped whole.
"""

import re
from collections.abc import Iterator

from sqlglot import exp

from backend_expert.facts.query import Query
from backend_expert.lint import Example, Finding, Fix, Severity, rule
from backend_expert.lint.context import CodeFile
from backend_expert.lint.ddl import Change, changes_of_item, dialect_of
from backend_expert.lint.ddl.columns import declared
from backend_expert.text.edit import Edit
from backend_expert.text.pattern import pattern
from backend_expert.text.span import Span

_PASSING = pattern(r"(?:^|_)(?:te?mp|temporary|staging|stage|scratch|import|dump)(?:_|$)", re.I)
_ELSEWHERE = (
    exp.PartitionedOfProperty, exp.PartitionedByProperty, exp.TemporaryProperty,
    exp.UnloggedProperty, exp.InheritsProperty, exp.LikeProperty, exp.VirtualProperty,
    exp.ExternalProperty,
)  # fmt: skip
_UNIQUE = (exp.PrimaryKeyColumnConstraint, exp.UniqueColumnConstraint, exp.PrimaryKey)


@rule(
    title="Table without primary key",
    severity=Severity.WARNING,
    languages=("sql",),
    sources=("splinter 0004", "sqlcheck 1003"),
    in_migrations=True,
    in_scripts=False,
    examples=[
        Example(
            language="sql",
            dialect="postgres",
            path="migrations/0003_events.sql",
            bad="""
                CREATE TABLE audit_log (
                             ^^^^^^^^^ rows of `audit_log` have no primary key
                    actor text NOT NULL,
                    at    timestamptz NOT NULL
                );
            """,
            good="""
                CREATE TABLE audit_log (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    actor text NOT NULL,
                    at    timestamptz NOT NULL
                );
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            good="""
                CREATE TABLE a (id bigint NOT NULL);
                ALTER TABLE ONLY public.a ADD CONSTRAINT a_pkey PRIMARY KEY (id);
                CREATE TABLE b (x bigint, y bigint, PRIMARY KEY (x, y));
                CREATE TABLE c (x bigint, y bigint, UNIQUE (x, y));
                CREATE TEMP TABLE d (x bigint);
                CREATE UNLOGGED TABLE e (x bigint);
                CREATE TABLE f AS SELECT 1 AS x;
                CREATE TABLE g PARTITION OF b FOR VALUES IN (1);
                CREATE TABLE h (LIKE b INCLUDING ALL);
                CREATE TABLE i (note text) INHERITS (b);
                CREATE TABLE import_orders (x bigint);
                CREATE TABLE j (x bigint NOT NULL);
                CREATE UNIQUE INDEX j_x ON j (x);
            """,
        ),
        Example(
            language="sql",
            dialect="postgres",
            path="db/clickhouse/schema.sql",
            good="""
                CREATE TABLE events (at DateTime) ENGINE = MergeTree ORDER BY at;
            """,
        ),
    ],
)
def check(file: CodeFile, ctx: None) -> Iterator[Finding]:
    dialect = dialect_of(file)
    if dialect not in ("postgres", "mysql"):
        return
    changes = [change for item in file.items for change in changes_of_item(file, item)]
    keyed = {
        change.table
        for change in changes
        if change.kind in ("add-primary-key", "add-unique") or change.has("primary-key")
        or change.has("unique")
    }  # fmt: skip
    keyed |= {c.table for c in changes if c.kind == "rename" and c.name.lower() in keyed}
    for change in changes:
        if change.table in keyed or change.query is None:
            continue
        name = _unkeyed(change.query)
        if name is not None and not _PASSING.search(change.table):
            if any("create_hypertable" in item.text for item in file.items):
                return
            words = f"rows of `{change.table}` have no primary key"
            fix = _fix(change, dialect)
            yield Finding(change.query.place(name), words, fix, item=change.item)


def _unkeyed(query: Query) -> exp.Expr | None:
    """The name of the table, when nothing in its declaration tells its rows apart."""
    tree = query.expression
    if not isinstance(tree, exp.Create):
        return None
    if not any(declared(query)) or tree.find(*_ELSEWHERE, *_UNIQUE):
        return None
    if re.search(r"\b(?:engine\s*=\s*\w*mergetree|using\s+columnar)", query.text, re.IGNORECASE):
        return None
    return tree.this.this.this


def _fix(change: Change, dialect: str) -> Fix | None:
    query = change.query
    columns = [column for _, column in declared(query)] if query is not None else []
    if query is None or dialect != "postgres" or any(c.name.lower() == "id" for c in columns):
        return None
    start = query.place(columns[0]).start
    line = "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n    "
    return Fix("Add an identity column", (Edit(Span(start, start), line),), is_sure=False)
