"""Python's `match`: a chain of branches, each testing the subject against a pattern."""

from tree_sitter import Node

from backend_expert.facts.code import (
    Assign,
    Collection,
    Expression,
    Name,
    Opaque,
    Operation,
    Statement,
)
from backend_expert.languages.python.expressions import again, entries, inner
from backend_expert.languages.python.lowering import Lower, Lowering, LowerStatement
from backend_expert.languages.python.statements import LONGEST_CHAIN, Arm, chain
from backend_expert.text.span import Span


def match(low: Lowering, node: Node, out: list[Statement]) -> None:
    """`match subject` with its cases; `case _` and `case name` at the end are the `else`."""
    subject = _one_or_tuple(low, node.children_by_field_name("subject"), node)
    body = node.child_by_field_name("body")
    clauses = [child for child in low.named(body) if child.type == "case_clause"] if body else []
    arms: list[Arm] = []
    other: tuple[Statement, ...] = ()
    outer_depth = low.depth
    for clause in clauses:
        low.depth += len(arms) <= LONGEST_CHAIN
        test, caught = _test(low, clause, subject, not arms)
        then = low.block(clause.child_by_field_name("consequence"))
        if test is None:
            other = (*caught, *then)
            break
        arms.append((clause.start_byte if arms else node.start_byte, test, then))
        subject = again(subject)
    low.depth = outer_depth
    if arms:
        out.append(chain(arms, node.end_byte, other))
    else:
        out.append(Opaque(low.span(node), node.type, (subject, *other)))


def _one_or_tuple(low: Lowering, nodes: list[Node], around: Node) -> Expression:
    nodes = [node for node in nodes if node.is_named]
    if len(nodes) == 1:
        return low.expression(nodes[0])
    span = Span(nodes[0].start_byte, nodes[-1].end_byte) if nodes else low.span(around)
    return Collection(span, "tuple", entries(low, nodes))


def _test(
    low: Lowering, clause: Node, subject: Expression, is_first: bool
) -> tuple[Expression | None, tuple[Statement, ...]]:
    """What a case tests, or None when it takes whatever comes (and what that binds)."""
    patterns = [child for child in low.named(clause) if child.type == "case_pattern"]
    guard = clause.child_by_field_name("guard")
    pattern = _one_or_tuple(low, patterns, clause)
    takes_all = len(patterns) == 1 and _takes_all(low, patterns[0])
    if takes_all and guard is None:
        return None, _caught(pattern, subject)
    start = subject.span.start if is_first else pattern.span.start
    test: Expression = Operation(Span(start, pattern.span.end), "==", (subject, pattern))
    if guard is not None:
        fact = inner(low, guard)
        span = Span(start, fact.span.end)
        test = Operation(span, "and", (test, fact)) if not takes_all else _guarded(pattern, fact)
    return test, ()


def _caught(pattern: Expression, subject: Expression) -> tuple[Statement, ...]:
    """`case name:` binds the subject to a name."""
    if isinstance(pattern, Name):
        return (Assign(pattern.span, (pattern,), again(subject)),)
    return ()


def _guarded(pattern: Expression, guard: Expression) -> Expression:
    """`case name if guard` tests the guard alone; the name is kept beside it."""
    if not isinstance(pattern, Name):
        return guard
    caught = Opaque(pattern.span, "capture", (pattern,))
    return Operation(Span(pattern.span.start, guard.span.end), "and", (caught, guard))


def _takes_all(low: Lowering, node: Node) -> bool:
    """Whether a pattern is `_` or a bare name."""
    parts = low.named(node)
    if not parts:
        return low.written(node) == "_"
    return parts[0].type == "dotted_name" and len(low.named(parts[0])) == 1


def pattern(low: Lowering, node: Node) -> Expression:
    """A case's pattern: a value, a name, a tuple or list of patterns, or else opaque."""
    parts = low.every(node)
    if not parts:
        return low.opaque(node)
    if len(parts) == 1 and parts[0].is_named:
        return low.expression(parts[0])
    if len(parts) == 2 and parts[0].type == "-":
        return Operation(low.span(node), "-", (low.expression(parts[1]),))
    return low.opaque(node)


MATCH: dict[str, LowerStatement] = {"match_statement": match}
PATTERNS: dict[str, Lower] = {"case_pattern": pattern}
