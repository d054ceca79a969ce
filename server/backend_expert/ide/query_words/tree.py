"""sqlglot's tree with types: its nodes keep what is below them in an untyped dictionary."""

from typing import cast

from sqlglot import exp


def many(node: exp.Expr, key: str) -> list[exp.Expr]:
    """The nodes under `key`, none when there is no such list."""
    # sqlglot puts `True` or a text where it found no node.
    found = node.args.get(key) if isinstance(node, exp.Expr) else None  # pyright: ignore
    return cast("list[exp.Expr]", found) if isinstance(found, list) else []


def one(node: exp.Expr | None, key: str) -> exp.Expr | None:
    """The node under `key`."""
    found = node.args.get(key) if node is not None else None
    return found if isinstance(found, exp.Expr) else None
