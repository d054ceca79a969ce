"""Indexes that a schema statement makes: by name, or through a primary key or UNIQUE."""

from collections.abc import Iterator

import msgspec
from sqlglot import exp

from backend_expert.facts.query import Query
from backend_expert.lint.ddl.columns import declared


class Index(msgspec.Struct, frozen=True):
    """An index: its table, its columns in order, and the condition that a partial one has.

    name: empty for those that a constraint makes; then `made_by` says which. is_plain: every
    column of it stands for itself, in a tree that serves comparison and sort.
    """

    table: str
    columns: tuple[str, ...]
    name: str = ""
    made_by: str = ""
    is_unique: bool = False
    condition: str = ""
    is_plain: bool = True


def indexes_of(query: Query) -> Iterator[Index]:
    """The indexes that a CREATE INDEX, a CREATE TABLE or an ALTER TABLE makes."""
    tree = query.expression
    if isinstance(tree, exp.Create) and isinstance(tree.this, exp.Index):
        yield from _created(tree)
        return
    for table, column in declared(query):
        for constraint in column.args.get("constraints") or ():
            kind = constraint.args.get("kind")
            if isinstance(kind, exp.PrimaryKeyColumnConstraint):
                yield Index(table, (column.name.lower(),), "", "primary key", True)
            elif isinstance(kind, exp.UniqueColumnConstraint):
                yield Index(table, (column.name.lower(),), "", "UNIQUE", True)
    if isinstance(tree, exp.Create | exp.Alter):
        named = tree.find(exp.Table)
        for node in tree.find_all(exp.PrimaryKey, exp.UniqueColumnConstraint):
            inside = node.this if isinstance(node, exp.UniqueColumnConstraint) else node
            names = tuple(_name(each) for each in getattr(inside, "expressions", ()))
            if named is not None and names and all(names):
                made_by = "primary key" if isinstance(node, exp.PrimaryKey) else "UNIQUE"
                yield Index(named.name.lower(), names, "", made_by, True)


def columns_of(query: Query) -> Iterator[tuple[str, str]]:
    """The table and name of each column that a statement declares."""
    for table, column in declared(query):
        yield table, column.name.lower()


def _created(tree: exp.Create) -> Iterator[Index]:
    index = tree.this
    table = index.args.get("table")
    parameters = index.args.get("params")
    if table is None or parameters is None:
        return
    keys = parameters.args.get("columns") or ()
    names = tuple(_name(key) for key in keys)
    where = parameters.args.get("where")
    method = parameters.args.get("using")
    yield Index(
        table.name.lower(),
        tuple(name for name in names if name),
        index.name,
        is_unique=bool(tree.args.get("unique")),
        condition=where.this.sql() if isinstance(where, exp.Where) else "",
        is_plain=all(names) and (method is None or method.name.lower() == "btree"),
    )


def _name(node: object) -> str:
    """The name of a plain column in a key; empty for an expression."""
    while isinstance(node, exp.Ordered | exp.Paren):
        node = node.this
    return node.name.lower() if isinstance(node, exp.Column | exp.Identifier) else ""
