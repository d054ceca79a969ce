"""Diagnostics: the findings of a file, piece by piece, or why it has none."""

import os
import re
from collections.abc import Sequence
from functools import cache
from itertools import compress, count
from pathlib import Path

from backend_expert.flow.reading import TOO_DEEP
from backend_expert.ide.desk import LEFT_OUT, checked_uri, scopes_of
from backend_expert.ide.pages import known_href
from backend_expert.ide.types import INFORMATION, Diagnostic, PieceDiagnostics, Related
from backend_expert.languages.registry import language_of
from backend_expert.lint.checked import Checked, Problem
from backend_expert.lint.finding import Related as Evidence
from backend_expert.rules import broken_rules
from backend_expert.text.span import Span
from backend_expert.workspace.documents import Snapshot
from backend_expert.workspace.files import find_files
from backend_expert.workspace.modules import candidates
from backend_expert.workspace.piece import Piece

NOT_CHECKED = "not-checked"
DEEP = "This is nested too deeply, so it is not checked."

_FIRST_WORDS = re.compile(r"\S[^\r\n]*")


def prepare(snapshot: Snapshot) -> dict[str, str]:
    """Reads the rules and the project beforehand, while the editor gets its first file ready.

    Answers with the rules that cannot be loaded, each with the error.
    """
    scopes = scopes_of(snapshot)
    for root in snapshot.roots:
        scopes.scope_for(os.path.join(root, "any.py"))
    return broken_rules()


def complaints(snapshot: Snapshot) -> tuple[str, ...]:
    """What is wrong with the settings that were read so far."""
    return tuple(str(complaint) for complaint in scopes_of(snapshot).complaints)


def diagnostics(snapshot: Snapshot, uri: str) -> Sequence[PieceDiagnostics]:
    """The diagnostics of one document, grouped by the piece they stand in, in the file's order."""
    answer = checked_uri(snapshot, uri)
    if answer is None:
        return ()
    document = answer.document
    if document.skipped:
        return _notice(document.skipped, language_of(document.path or uri) or document.language)
    pieces, problems = document.pieces, answer.problems
    told = range(len(problems)) if answer.is_deep else compress(count(), problems)
    groups: list[PieceDiagnostics] = []
    for at in told:
        if problems[at]:
            groups.append(PieceDiagnostics(at, _shown(answer, pieces[at], problems[at])))
        elif TOO_DEEP in pieces[at].notes:
            groups.append(PieceDiagnostics(at, _deep(pieces[at])))
    return groups


@cache
def _notice(why: str, language: str) -> tuple[PieceDiagnostics, ...]:
    """Why a file is not checked; nothing for files that nobody expects to be checked."""
    if why == LEFT_OUT or language == "plaintext":
        return ()
    told = Diagnostic(Span(0, 0), NOT_CHECKED, why, INFORMATION)
    return (PieceDiagnostics(0, (told,)),)


def _deep(piece: Piece) -> tuple[Diagnostic, ...]:
    kept = piece.notes.get("deep")
    if not isinstance(kept, tuple):
        found = _FIRST_WORDS.search(piece.text)
        span = Span(*found.span()) if found else Span(0, 0)
        kept = piece.notes["deep"] = (Diagnostic(span, NOT_CHECKED, DEEP, INFORMATION),)
    return kept  # pyright: ignore[reportUnknownVariableType]


def _shown(answer: Checked, piece: Piece, row: tuple[Problem, ...]) -> tuple[Diagnostic, ...]:
    """The same tuple as last time while the piece's problems are the same ones."""
    kept = piece.notes.get("diagnostics")
    if isinstance(kept, tuple) and len(kept) == 2:  # pyright: ignore[reportUnknownArgumentType]
        problems, shown = kept  # pyright: ignore[reportUnknownVariableType]
        if problems is row or _same(problems, row):  # pyright: ignore[reportUnknownArgumentType]
            return shown  # pyright: ignore[reportUnknownVariableType]
    shown = tuple(_diagnostic(answer, piece, problem) for problem in row)
    piece.notes["diagnostics"] = (row, shown)
    return shown


def _same(one: tuple[Problem, ...], other: tuple[Problem, ...]) -> bool:
    return len(one) == len(other) and all(
        a.finding is b.finding and a.rule is b.rule and a.severity == b.severity
        for a, b in zip(one, other, strict=True)
    )


def _diagnostic(answer: Checked, piece: Piece, problem: Problem) -> Diagnostic:
    finding = problem.finding
    related: list[Related] = []
    for place in finding.related:
        shown = _related(answer, piece, problem, place)
        if shown is not None:
            related.append(shown)
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


def _related(answer: Checked, piece: Piece, problem: Problem, place: Evidence) -> Related | None:
    if place.path:
        return Related(place.span, place.message, uri=Path(place.path).as_uri())
    home = answer.file.flow.home(place.home) if place.home else problem.item
    if home is None or home is piece.item:
        return Related(place.span, place.message) if home is not None else None
    at = answer.document.piece_at(answer.start_of(home) or 0)
    there = answer.document.pieces[at]
    return Related(place.span, place.message, there) if there.item is home else None


# -- the files that are not open ------------------------------------------------------------------


def workspace_files(snapshot: Snapshot) -> list[str]:
    """The files of the workspace that are to be checked, each once, in a stable order."""
    scopes = scopes_of(snapshot)
    found: dict[str, None] = {}
    for root in snapshot.roots:
        found.update(dict.fromkeys(find_files([root], excludes=scopes.excludes).files))
    return list(found)


def imported(snapshot: Snapshot, uri: str) -> tuple[str, ...]:
    """The files of its project that a checked document imports, or was checked with."""
    answer = checked_uri(snapshot, uri)
    if answer is None or answer.document.skipped or answer.document.path is None:
        return ()
    path, root, family = answer.document.path, answer.scope.project.root, answer.file.family
    found: dict[str, None] = {}
    for name in answer.file.flow.imports:
        found.update((file, None) for file, _ in candidates(name, path, root, family))
    found.update(dict.fromkeys(sorted(answer.scope.neighbours.read_for(path))))
    return tuple(found)
