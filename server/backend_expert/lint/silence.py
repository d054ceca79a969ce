"""Silencing: what comments take out of a document's problems, and comments that do nothing."""

from collections.abc import Iterable

from backend_expert.facts.code import Text, walk
from backend_expert.lint.finding import Finding, Fix
from backend_expert.lint.problem import Problem, Row, Scope
from backend_expert.lint.rule import Rule
from backend_expert.lint.suppress import Suppression, read
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document
from backend_expert.workspace.piece import Piece

UNUSED = "quality/unused-suppression"


class Silence:
    """The silencing comments of one version of a document. `ran` are the rules that were run."""

    def __init__(self, document: Document, scope: Scope, ran: tuple[Rule, ...]) -> None:
        self.document = document
        self.scope = scope
        self.ran = ran
        self._lines: dict[int, list[tuple[Suppression, int]]] = {}
        for at, piece in enumerate(document.pieces):
            for suppression in suppressions(piece):
                line = document.line_of(at) + suppression.line
                self._lines.setdefault(line, []).append((suppression, at))
        self._used: set[int] = set()

    def over(self, rows: list[Row]) -> list[Row]:
        """The rows without what is silenced, comments of ours that silence nothing reported."""
        left = [
            tuple(p for p in row if not self._silences(p, at)) if row else row
            for at, row in enumerate(rows)
        ]
        rule = next((rule for rule in self.ran if rule.id == UNUSED), None)
        if rule is not None:
            for suppression, at in self._unused():
                left[at] = _in_order((*left[at], self._report(rule, suppression, at)))
        return left

    def _silences(self, problem: Problem, at: int) -> bool:
        table = self.document.pieces[at].table
        whole = _whole_text(problem)
        start = self.document.line_of(at) + table.position(whole.start)[0]
        end = self.document.line_of(at) + table.position(whole.end)[0]
        above = start - 1
        while any(s.alone for s, _ in self._lines.get(above, ())):
            above -= 1
        for line in range(above + 1, end + 1):
            for suppression, _ in self._lines.get(line, ()):
                if line < start and not suppression.alone:
                    continue
                if suppression.silences(problem.rule):
                    self._used.add(id(suppression))
                    return True
        return False

    def _unused(self) -> Iterable[tuple[Suppression, int]]:
        """Our comments that silence nothing, although every rule they name was run."""
        ran = {rule.id for rule in self.ran}
        known = {id for rule in self.scope.rules.rules for id in (rule.id, *rule.formerly)}
        for there in self._lines.values():
            for suppression, at in there:
                if not suppression.is_ours or id(suppression) in self._used:
                    continue
                if all(id in ran or id not in known for id in suppression.ids):
                    yield suppression, at

    def _report(self, rule: Rule, suppression: Suppression, at: int) -> Problem:
        piece = self.document.pieces[at]
        fix = Fix("Remove the comment", (Edit(_whole(suppression, piece.text), ""),))
        words = "this comment silences nothing"
        finding = Finding(suppression.span, words, fix, tags=("unnecessary",))
        severity = self.scope.settings.severity_of(rule)
        return Problem(rule, severity, finding, finding.span, piece.item)


def _in_order(row: Row) -> Row:
    return tuple(sorted(row, key=lambda problem: problem.span))


def suppressions(piece: Piece) -> tuple[Suppression, ...]:
    """The comments of a piece that silence something."""
    kept = piece.notes.get("suppressions")
    if isinstance(kept, tuple):
        return kept  # pyright: ignore[reportUnknownVariableType]
    found: list[Suppression] = []
    for comment in piece.item.comments:
        line, column = piece.table.position(comment.span.start)
        before = piece.text[comment.span.start - column : comment.span.start]
        suppression = read(comment, line, not before.strip())
        if suppression is not None:
            found.append(suppression)
    piece.notes["suppressions"] = tuple(found)
    return tuple(found)


def _whole_text(problem: Problem) -> Span:
    """The problem's span, or the whole text that it lies in: no comment fits inside."""
    span = problem.span
    for statement in problem.item.body:
        if statement.span.covers(span):
            for node in walk(statement):
                if isinstance(node, Text) and node.span.covers(span):
                    return node.span
    return span


def _whole(suppression: Suppression, text: str) -> Span:
    """The comment with the blanks before it, and its line if it stands alone."""
    start, end = suppression.span.start, suppression.span.end
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    if suppression.alone and end < len(text) and text[end] in "\r\n":
        end += 2 if text[end : end + 2] == "\r\n" else 1
    return Span(start, end)
