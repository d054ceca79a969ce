"""Diagnostics: the findings of a file, piece by piece."""

import os
from collections.abc import Iterator, Sequence

from backend_expert.ide.desk import checked_uri, scopes_of
from backend_expert.ide.pages import known_href
from backend_expert.ide.types import Diagnostic, PieceDiagnostics, Related
from backend_expert.lint.checked import Checked, Problem
from backend_expert.workspace.documents import Snapshot
from backend_expert.workspace.piece import Piece


def prepare(snapshot: Snapshot) -> None:
    """Reads the rules and the project beforehand, while the editor gets its first file ready."""
    scopes = scopes_of(snapshot)
    for root in snapshot.roots:
        scopes.scope_for(os.path.join(root, "any.py"))


def diagnostics(snapshot: Snapshot, uri: str) -> Sequence[PieceDiagnostics]:
    """The diagnostics of one document, grouped by the piece they stand in, in the file's order."""
    answer = checked_uri(snapshot, uri)
    if answer is None:
        return ()
    pieces = answer.document.pieces
    return [
        PieceDiagnostics(at, _shown(answer, pieces[at], row))
        for at, row in enumerate(answer.problems)
        if row
    ]


def _shown(answer: Checked, piece: Piece, row: tuple[Problem, ...]) -> tuple[Diagnostic, ...]:
    """The same tuple as last time while the piece's problems are the same ones."""
    kept = piece.notes.get("diagnostics")
    if isinstance(kept, tuple) and len(kept) == 2:  # pyright: ignore[reportUnknownArgumentType]
        problems, shown = kept  # pyright: ignore[reportUnknownVariableType]
        if _same(problems, row):  # pyright: ignore[reportUnknownArgumentType]
            return shown  # pyright: ignore[reportUnknownVariableType]
    shown = tuple(_diagnostic(answer, problem) for problem in row)
    piece.notes["diagnostics"] = (row, shown)
    return shown


def _same(one: tuple[Problem, ...], other: tuple[Problem, ...]) -> bool:
    return len(one) == len(other) and all(
        a.finding is b.finding and a.rule is b.rule and a.severity == b.severity
        for a, b in zip(one, other, strict=True)
    )


def _diagnostic(answer: Checked, problem: Problem) -> Diagnostic:
    finding = problem.finding
    pieces = {id(piece.item): piece for piece in answer.document.pieces} if finding.related else {}
    related: list[Related] = []
    for place in finding.related:
        home = answer.file.flow.home(place.home) if place.home else problem.item
        piece = pieces.get(id(home))
        if piece is not None and not place.path:
            own = piece.item is problem.item
            related.append(Related(place.span, place.message, None if own else piece))
    return Diagnostic(
        span=problem.span,
        rule=problem.rule.id,
        message=finding.message,
        severity=int(problem.severity),
        related=tuple(related),
        fixable=finding.fix is not None,
        href=known_href(problem.rule),
        tags=finding.tags,  # pyright: ignore[reportArgumentType]
    )


def workspace_uris(snapshot: Snapshot) -> Iterator[str]:
    """The files of the workspace to report on beyond the open ones."""
    return iter(())
