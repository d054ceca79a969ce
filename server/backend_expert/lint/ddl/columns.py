"""The columns that a query declares: of a CREATE TABLE, or added by an ALTER TABLE."""

from collections.abc import Iterator

from sqlglot import exp

from backend_expert.facts.query import Query


def declared(query: Query) -> Iterator[tuple[str, exp.ColumnDef]]:
    """The columns, each with the name of its table."""
    tree = query.expression
    if not isinstance(tree, (exp.Create, exp.Alter)):
        return
    table = tree.find(exp.Table)
    if table is None:
        return
    if isinstance(tree, exp.Alter):
        actions: list[exp.Expr] = tree.args.get("actions") or []
        for action in actions:
            if isinstance(action, exp.ColumnDef):
                yield table.name.lower(), action
    elif tree.kind == "TABLE" and isinstance(tree.this, exp.Schema):
        for column in tree.this.expressions:
            if isinstance(column, exp.ColumnDef):
                yield table.name.lower(), column


def has(column: exp.ColumnDef, *kinds: type[exp.Expr]) -> bool:
    """Whether a column carries a constraint of one of the kinds."""
    constraints: list[exp.Expr] = column.args.get("constraints") or []
    return any(isinstance(constraint.args.get("kind"), kinds) for constraint in constraints)
