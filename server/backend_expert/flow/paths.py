"""Paths: `a.b`, `a['k']` as keys of an environment."""

from backend_expert.facts.code import Constant, Expression, Index, Member, Name, Text


def path_of(node: Expression) -> str:
    """`a.b`, `a['k']` as one key; empty when some part of it is computed."""
    if isinstance(node, Name):
        return node.id
    if isinstance(node, Member):
        base = path_of(node.object)
        return f"{base}.{node.name}" if base else ""
    if isinstance(node, Index) and isinstance(node.key, Text | Constant):
        base = path_of(node.object)
        return f"{base}[{node.key.value!r}]" if base else ""
    return ""
