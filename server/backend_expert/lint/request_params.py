"""Which path parameters a JavaScript handler reads from its request."""

from collections.abc import Iterator

from backend_expert.facts.code import (
    Collection,
    Expression,
    Function,
    Index,
    Member,
    Name,
    Node,
    Operation,
    Text,
    walk,
)
from backend_expert.text.span import Span


def path_parameters_read(handler: Function, request: str) -> Iterator[tuple[str, Span]]:
    """The path parameters that a handler reads: `req.params.id`, `const { id } = req.params`."""
    for statement in handler.body:
        for node in walk(statement):
            if isinstance(node, Member) and _is_params(node.object, request):
                yield node.name, node.span
            elif isinstance(node, Index) and _is_params(node.object, request):
                if isinstance(node.key, Text) and node.key.value:
                    yield node.key.value, node.span
            else:
                yield from _destructured(node, request)


def _destructured(node: Node, request: str) -> Iterator[tuple[str, Span]]:
    value = getattr(node, "value", None)
    if not isinstance(value, Member) or not _is_params(value, request):
        return
    for target in getattr(node, "targets", ()):
        if isinstance(target, Collection):
            for entry in target.entries:
                if isinstance(entry.key, Text) and entry.key.value and not entry.spread:
                    yield entry.key.value, entry.key.span


def _is_params(node: Expression, request: str) -> bool:
    if isinstance(node, Operation) and node.operator in ("or", "??"):
        node = node.operands[0]
    return (
        isinstance(node, Member)
        and node.name == "params"
        and isinstance(node.object, Name)
        and node.object.id == request
    )
