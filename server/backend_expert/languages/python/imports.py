"""Python's imports, one fact for each name that they bring in."""

from tree_sitter import Node

from backend_expert.facts.code import Import, Statement
from backend_expert.languages.python.lowering import Lowering, LowerStatement


def import_(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`import a.b, c as d`."""
    for child in low.named(node):
        name, alias = _aliased(low, child)
        out.append(Import(low.span(child), name, None, alias, low.for_types))


def import_from(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`from a import b, c as d` and `from a import *`."""
    source = node.child_by_field_name("module_name")
    module = _dotted(low, source) if source else "__future__"
    for child in low.named(node):
        if child == source:
            continue
        if child.type == "wildcard_import":
            name, alias = "*", None
        else:
            name, alias = _aliased(low, child)
        out.append(Import(low.span(child), module, name, alias, low.for_types))


def _aliased(low: Lowering, node: Node) -> tuple[str, str | None]:
    """The dotted name of `a.b` or `a.b as c`, and its alias."""
    if node.type != "aliased_import":
        return _dotted(low, node), None
    name = node.child_by_field_name("name")
    alias = low.word(node.child_by_field_name("alias"))
    return _dotted(low, name) if name else "", alias or None


def _dotted(low: Lowering, node: Node) -> str:
    """A dotted name without the blanks that Python allows in it; leading dots are kept."""
    if node.type == "relative_import":
        written = "".join(low.written(node).split())
        dots = written[: len(written) - len(written.lstrip("."))]
        return dots + "".join(
            _dotted(low, part) for part in low.named(node) if part.type == "dotted_name"
        )
    return ".".join(low.word(part) for part in low.named(node))


IMPORTS: dict[str, LowerStatement] = {
    "import_statement": import_,
    "import_from_statement": import_from,
    "future_import_statement": import_from,
}
