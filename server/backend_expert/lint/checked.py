"""A document with its findings. Each version keeps what the one before found and still holds."""

from collections.abc import Iterable

import msgspec

from backend_expert.facts.code import Text, walk
from backend_expert.facts.endpoint import Endpoint
from backend_expert.facts.item import Item
from backend_expert.facts.project import NO_PROJECT, Project
from backend_expert.flow.endpoints import endpoints_of
from backend_expert.flow.file import FileFlow
from backend_expert.flow.reading import Reading
from backend_expert.lint.context import CodeFile
from backend_expert.lint.finding import Finding, Fix
from backend_expert.lint.rule import Rule, Severity
from backend_expert.lint.run import Found, RuleSet
from backend_expert.lint.settings import DEFAULTS, Settings
from backend_expert.lint.suppress import Suppression, read
from backend_expert.technologies.catalogue import catalogue, family
from backend_expert.text.edit import Edit
from backend_expert.text.span import Span
from backend_expert.workspace import kinds
from backend_expert.workspace.document import Document
from backend_expert.workspace.neighbours import NO_NEIGHBOURS, Neighbours
from backend_expert.workspace.piece import Piece

UNUSED = "quality/unused-suppression"


class Problem(msgspec.Struct, frozen=True, gc=False):
    """A finding at its place in a piece: the span counts from the piece's start."""

    rule: Rule
    severity: Severity
    finding: Finding
    span: Span
    item: Item


class Scope(msgspec.Struct, frozen=True, eq=False):
    """What a check depends on besides the text; the same object while nothing of it changes."""

    rules: RuleSet
    settings: Settings = DEFAULTS
    project: Project = NO_PROJECT
    neighbours: Neighbours = NO_NEIGHBOURS


class Checked:
    """One version of a document with its findings, grouped by the piece that they lie in."""

    __slots__ = ("_applying", "_index", "document", "file", "problems", "scope")

    def __init__(
        self, document: Document, path: str, scope: Scope, before: "Checked | None" = None
    ) -> None:
        self.document = document
        self.scope = scope
        if before is not None and before.scope is not scope:
            before = None
        self.file = _file(document, path, scope, before)
        applying = before._applying if before is not None else None
        self._applying = applying or _applying(scope, self.file)
        self._index = {id(piece.item): at for at, piece in enumerate(document.pieces)}
        self.problems = self._check() if not document.skipped else ()

    def _check(self) -> tuple[tuple[Problem, ...], ...]:
        """The problems of each piece, in the order of the pieces."""
        rows: list[list[Problem]] = [[] for _ in self.document.pieces]
        for at, piece in enumerate(self.document.pieces):
            for found in self._found(piece):
                self._place(found, piece.item, at, rows)
        for found in self._applying.check_file(self.file):
            item = found.finding.item
            at = self._index.get(id(item)) if item is not None else None
            if at is not None and item is not None:
                self._place(found, item, at, rows)
        self._suppress(rows)
        return tuple(tuple(sorted(row, key=lambda p: p.span)) if row else () for row in rows)

    def _found(self, piece: Piece) -> tuple[Found, ...]:
        """The findings of one piece, kept for as long as nothing they depend on changes."""
        item = piece.item
        reading = self.file.flow.reading(item) if self.file.family != "sql" else None
        kept = piece.notes.get("found")
        if isinstance(kept, _Kept) and kept.holds(self, reading):
            return kept.found
        found = self._applying.check_item(self.file, item)
        file = self.file
        piece.notes["found"] = _Kept(self.scope, file.path, file.endpoints, reading, found)
        return found

    def _place(self, found: Found, item: Item, at: int, rows: list[list[Problem]]) -> None:
        finding = found.finding
        if finding.home:
            home = self.file.flow.home(finding.home)
            there = self._index.get(id(home)) if home is not None else None
            if home is None or there is None:
                return
            item, at = home, there
        severity = self.scope.settings.severity_of(found.rule)
        problem = Problem(found.rule, severity, finding, finding.span, item)
        if not any(p.rule is found.rule and p.span == finding.span for p in rows[at]):
            rows[at].append(problem)

    # -- suppression ----------------------------------------------------------------------------

    def _suppress(self, rows: list[list[Problem]]) -> None:
        """Takes out what a comment silences, and reports comments of ours that silence nothing."""
        lines: dict[int, list[tuple[Suppression, int]]] = {}
        for at, piece in enumerate(self.document.pieces):
            for suppression in suppressions(piece):
                line = self.document.line_of(at) + suppression.line
                lines.setdefault(line, []).append((suppression, at))
        if not lines:
            return
        used: set[int] = set()
        for at, row in enumerate(rows):
            if row:
                rows[at] = [p for p in row if not self._silenced(p, at, lines, used)]
        self._report_unused(lines, used, rows)

    def _silenced(
        self,
        problem: Problem,
        at: int,
        lines: dict[int, list[tuple[Suppression, int]]],
        used: set[int],
    ) -> bool:
        table = self.document.pieces[at].table
        whole = _whole_text(problem)
        start = self.document.line_of(at) + table.position(whole.start)[0]
        end = self.document.line_of(at) + table.position(whole.end)[0]
        above = start - 1
        while any(s.alone for s, _ in lines.get(above, ())):
            above -= 1
        for line in range(above + 1, end + 1):
            for suppression, _ in lines.get(line, ()):
                if line < start and not suppression.alone:
                    continue
                if suppression.silences(problem.rule):
                    used.add(id(suppression))
                    return True
        return False

    def _report_unused(
        self,
        lines: dict[int, list[tuple[Suppression, int]]],
        used: set[int],
        rows: list[list[Problem]],
    ) -> None:
        rule = next((rule for rule in self._applying.rules if rule.id == UNUSED), None)
        if rule is None:
            return
        for there in lines.values():
            for suppression, at in there:
                if suppression.is_ours and id(suppression) not in used and self._ran(suppression):
                    piece = self.document.pieces[at]
                    finding = Finding(
                        suppression.span,
                        "this comment silences nothing",
                        Fix("Remove the comment", (Edit(_whole(suppression, piece.text), ""),)),
                        tags=("unnecessary",),
                    )
                    severity = self.scope.settings.severity_of(rule)
                    rows[at].append(Problem(rule, severity, finding, finding.span, piece.item))

    def _ran(self, suppression: Suppression) -> bool:
        """Whether the rules it names were run at all, so that silence means something."""
        ran = {rule.id for rule in self._applying.rules}
        known = {id for rule in self.scope.rules.rules for id in (rule.id, *rule.formerly)}
        return all(id in ran or id not in known for id in suppression.ids)

    # -- answers --------------------------------------------------------------------------------

    def all(self) -> Iterable[tuple[Problem, Span]]:
        """Every problem with its span in the document, from the top down."""
        for at, row in enumerate(self.problems):
            start = self.document.start_of(at)
            for problem in row:
                yield problem, problem.span.moved(start)

    def start_of(self, item: Item) -> int | None:
        """The offset at which one of the document's items starts."""
        at = self._index.get(id(item))
        return None if at is None else self.document.start_of(at)

    def home(self, name: str, item: Item) -> int | None:
        """The offset from which spans with this `home` count; an empty one means `item` itself."""
        found = self.file.flow.home(name) if name else item
        return self.start_of(found) if found is not None else None


class _Kept(msgspec.Struct, frozen=True, eq=False):
    scope: Scope
    path: str
    endpoints: tuple[Endpoint, ...]
    reading: Reading | None
    found: tuple[Found, ...]

    def holds(self, checked: Checked, reading: Reading | None) -> bool:
        """Whether the findings are those that a fresh check would give."""
        return (
            self.scope is checked.scope
            and self.reading is reading
            and self.path == checked.file.path
            and self.endpoints is checked.file.endpoints
        )


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


def _applying(scope: Scope, file: CodeFile) -> RuleSet:
    chosen = (rule for rule in scope.rules.rules if scope.settings.runs(rule))
    return RuleSet(chosen, scope.rules.on_error).applying_to(file)


def _file(document: Document, path: str, scope: Scope, before: Checked | None) -> CodeFile:
    """The file as rules see it; its flow takes over what the version before knew."""
    speech = family(document.language)
    pieces = document.pieces
    items = [piece.item for piece in pieces] if not document.skipped else []
    known = catalogue(speech)
    around = scope.neighbours.of(document.path or "")
    flow = FileFlow(items, known, around, before.file.flow if before else None)
    endpoints = endpoints_of(flow) if speech != "sql" else ()
    if before is not None and endpoints == before.file.endpoints:
        endpoints = before.file.endpoints
    return CodeFile(
        path=path,
        language=document.language,
        family=speech,
        flow=flow,
        texts={id(piece.item): piece.text for piece in pieces},
        is_test=kinds.is_test(path),
        is_migration=kinds.is_migration(path),
        is_script=kinds.is_script(path),
        dialect=scope.settings.dialect or scope.project.dialect,
        endpoints=endpoints,
        project=scope.project,
    )
