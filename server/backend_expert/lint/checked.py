"""A document with its findings. Each version keeps what the one before found and still holds."""

import logging
from collections.abc import Iterable

import msgspec

from backend_expert.facts.endpoint import Endpoint
from backend_expert.facts.item import Item
from backend_expert.flow.reading import TOO_DEEP, Reading
from backend_expert.lint.opened import is_history, opened
from backend_expert.lint.problem import Problem, Row, Scope
from backend_expert.lint.run import Found, RuleSet
from backend_expert.lint.silence import UNUSED, Silence, suppressions
from backend_expert.lint.wide import Wide
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document
from backend_expert.workspace.piece import Piece

log = logging.getLogger(__name__)
_told: set[str] = set()  # the files of which the log knows

__all__ = ["UNUSED", "Checked", "Problem", "Scope"]


class Checked:
    """One version of a document with its findings, grouped by the piece that they lie in.

    Made from the version `before`, it looks at the items that changed, and at those whose reading
    may have changed with them; `before` should then be asked nothing more.
    """

    __slots__ = ("_abroad", "_applying", "_file_found", "_imports", "_index", "_marked", "_own",
                 "_wide", "document", "file", "is_deep", "problems", "scope")  # fmt: skip

    def __init__(
        self, document: Document, path: str, scope: Scope, before: "Checked | None" = None
    ) -> None:
        self.document = document
        self.scope = scope
        if before is not None and (before.scope is not scope or before.file.path != path):
            before = None
        if (
            before is not None
            and before.file.is_migration
            and is_history(document, scope) is not before.file.is_merged
        ):
            before = None  # other rules speak of it now
        shares: tuple[int, int] | None = None
        if before is not None and not document.skipped and not before.document.skipped:
            shares = document.shared_with(before.document)
        self.file = opened(document, path, scope, before.file if before else None, shares)
        chosen = scope.chosen(document.language)
        self._applying = before._applying if before else chosen.applying_to(self.file)
        self._index: dict[int, int] | None = None
        self._imports = _imports(self.file.flow.imported, before)
        # Findings in pieces of other items, by the item that they come from.
        self._abroad: dict[int, tuple[Found, ...]] = {}
        self._wide = Wide()
        self._marked = False
        self._own: list[Row] = []
        self._file_found: tuple[Found, ...] = ()
        self.is_deep = before is not None and before.is_deep  # some piece is, or was, too deep
        self.problems: tuple[Row, ...] = ()
        if not document.skipped:
            self._check(before, shares)

    def _check(self, before: "Checked | None", shares: tuple[int, int] | None) -> None:
        """Fills in the problems of each piece."""
        pieces = self.document.pieces
        if before is None or shares is None or not self._is_like(before):
            self._own = [()] * len(pieces)
            self._marked = any(suppressions(piece) for piece in pieces)
            for at, piece in enumerate(pieces):
                self._look(at, piece)
        else:
            self._look_again(before, *shares)
        self._file_found = self._applying.check_file(self.file)
        rows = self._own
        if self._abroad or self._file_found:
            rows = self._with_others(list(rows))
        if self._marked:
            rows = Silence(self.document, self.scope, self._applying.rules).over(rows)
        self.problems = tuple(rows)

    def _is_like(self, before: "Checked") -> bool:
        """Whether what rules may ask of the file as a whole is as before."""
        return (
            before.file.endpoints is self.file.endpoints
            and before.file.roles is self.file.roles
            and before._imports is self._imports
        )

    def _look_again(self, before: "Checked", start: int, end: int) -> None:
        """Looks at the pieces that changed, and at those whose reading may have."""
        pieces, old = self.document.pieces, before.document.pieces
        stop = len(pieces) - end
        middle = [()] * (stop - start)
        self._own = [*before._own[:start], *middle, *before._own[len(old) - end :]]
        self._abroad, self._wide = dict(before._abroad), before._wide
        for piece in old[start : len(old) - end]:
            self._abroad.pop(id(piece.item), None)
            self._wide.forget(piece)
        fresh = pieces[start:stop]
        self._marked = before._marked or any(suppressions(piece) for piece in fresh)
        for at in range(start, stop):
            self._look(at, pieces[at])
        known = {id(piece.item) for piece in fresh}
        for item in self.file.flow.touched:
            if id(item) not in known:
                at = self._place_of(item)
                if at is not None:
                    self._look(at, pieces[at])
        self._look_wide(known)

    def _look_wide(self, known: set[int]) -> None:
        """Looks again at items whose findings depend on more than their reading."""
        for piece in self._wide.concerned(self.file.flow.renamed):
            key = id(piece.item)
            at = self._index_of(key) if key not in known else None
            if at is not None:
                piece.notes.pop("found", None)
                self._look(at, piece)

    def _look(self, at: int, piece: Piece) -> None:
        """Puts the findings of one piece into its row."""
        found = self._found(piece)
        if not found:
            self._own[at] = ()
            self._abroad.pop(id(piece.item), None)
            return
        away = tuple(one for one in found if one.finding.home)
        if away:
            self._abroad[id(piece.item)] = away
        else:
            self._abroad.pop(id(piece.item), None)
        mine = [self._problem(one, piece.item) for one in found if not one.finding.home]
        self._own[at] = _row(mine)

    def _found(self, piece: Piece) -> tuple[Found, ...]:
        """The findings of one piece, kept for as long as nothing they depend on changes."""
        item, file = piece.item, self.file
        reading = file.flow.reading(item) if file.family != "sql" else None
        kept = piece.notes.get("found")
        if isinstance(kept, _Kept) and kept.holds(self, reading):
            return kept.found
        found = self._run(piece, reading)
        piece.notes["found"] = _Kept(
            self._applying,
            self.scope,
            file.path,
            file.endpoints,
            self._imports,
            file.roles,
            reading,
            found,
        )
        return found

    def _run(self, piece: Piece, reading: Reading | None) -> tuple[Found, ...]:
        """The findings of one piece, made afresh; none when it is nested too deeply to be read."""
        is_deep = reading is not None and TOO_DEEP in reading.notes
        found: tuple[Found, ...] = ()
        flow = self.file.flow
        flow.asked = flow.asked_all = False
        try:
            found = self._applying.check_item(self.file, piece.item)
        except RecursionError:
            is_deep = True
        if flow.asked or flow.asked_all:
            self._wide.note(piece, on_all=flow.asked_all)
        else:
            self._wide.forget(piece)
        if is_deep:
            piece.notes[TOO_DEEP] = self.is_deep = True
            if self.file.path not in _told:
                _told.add(self.file.path)
                log.error("%s: nested too deeply to be checked: %.80r", self.file.path, piece.text)
        return found

    def _problem(self, found: Found, item: Item) -> Problem:
        severity = self.scope.settings.severity_of(found.rule)
        return Problem(found.rule, severity, found.finding, found.finding.span, item)

    def _with_others(self, rows: list[Row]) -> list[Row]:
        """The rows with the findings that come from other items, and from the file as a whole."""
        for found in (*(one for group in self._abroad.values() for one in group),
                      *self._file_found):  # fmt: skip
            home = found.finding.home
            item = self.file.flow.home(home) if home else found.finding.item
            at = self._place_of(item) if item is not None else None
            if item is not None and at is not None:
                rows[at] = _row([*rows[at], self._problem(found, item)])
        return rows

    def _place_of(self, item: Item) -> int | None:
        """The index of the piece that an item is of."""
        return self._index_of(id(item))

    def _index_of(self, key: int) -> int | None:
        if self._index is None:
            items = self.file.flow.items
            self._index = dict(zip(map(id, items), range(len(items)), strict=True))
        return self._index.get(key)

    # -- answers --------------------------------------------------------------------------------

    def all(self) -> Iterable[tuple[Problem, Span]]:
        """Every problem with its span in the document, from the top down."""
        for at, row in enumerate(self.problems):
            if row:
                start = self.document.start_of(at)
                for problem in row:
                    yield problem, problem.span.moved(start)

    def start_of(self, item: Item) -> int | None:
        """The offset at which one of the document's items starts."""
        at = self._place_of(item)
        return None if at is None else self.document.start_of(at)

    def home(self, name: str, item: Item) -> int | None:
        """The offset from which spans with this `home` count; an empty one means `item` itself."""
        found = self.file.flow.home(name) if name else item
        return self.start_of(found) if found is not None else None


def _row(problems: list[Problem]) -> Row:
    """Problems in order, each rule once at a place."""
    seen: dict[tuple[str, Span], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.rule.id, problem.span), problem)
    return tuple(sorted(seen.values(), key=lambda problem: problem.span))


def _imports(imports: list[str], before: Checked | None) -> list[str]:
    """The file's imports; the same object as before while they are the same."""
    if before is not None and before._imports == imports:  # pyright: ignore[reportPrivateUsage]
        return before._imports  # pyright: ignore[reportPrivateUsage]
    return imports


class _Kept(msgspec.Struct, frozen=True, eq=False):
    applying: RuleSet
    scope: Scope
    path: str
    endpoints: tuple[Endpoint, ...]
    imports: list[str]
    roles: frozenset[str]
    reading: Reading | None
    found: tuple[Found, ...]

    def holds(self, checked: Checked, reading: Reading | None) -> bool:
        """Whether the findings are those that a fresh check would give."""
        return (
            self.scope is checked.scope
            and self.applying is checked._applying  # pyright: ignore[reportPrivateUsage]
            and self.reading is reading
            and self.path == checked.file.path
            and self.endpoints is checked.file.endpoints
            and self.imports is checked._imports  # pyright: ignore[reportPrivateUsage]
            and self.roles is checked.file.roles
        )
