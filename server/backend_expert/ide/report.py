"""Reports: findings with lines and columns instead of offsets, for every output format."""

from collections import Counter
from pathlib import Path

import msgspec

from backend_expert.ide.fixes import edits_of
from backend_expert.lint.checked import Checked, Problem
from backend_expert.lint.rule import Severity
from backend_expert.text.edit import Edit
from backend_expert.text.lines import LineTable
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import decoded

_MOST = 10  # findings of one rule in one file


class Place(msgspec.Struct, frozen=True):
    """One more place of the evidence; lines and columns from 1, in code points."""

    path: str
    line: int
    column: int
    message: str


class Replacement(msgspec.Struct, frozen=True):
    """One edit: from (line, column) to before (end_line, end_column) it shall read `text`."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class Remedy(msgspec.Struct, frozen=True):
    """A fix, and whether it can be made without a look."""

    title: str
    is_sure: bool
    edits: tuple[Replacement, ...]


class Report(msgspec.Struct, frozen=True):
    """One finding. Lines and columns count from 1, in code points; the end is exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    rule: str
    area: str
    severity: str
    message: str
    cwe: tuple[int, ...] = ()
    related: tuple[Place, ...] = ()
    fix: Remedy | None = None


def reports(checked: Checked, path: str) -> tuple[Report, ...]:
    """The findings of a checked document from the top down, with `path` as its name.

    Of a rule that says the same again and again, the first few; errors are all told.
    """
    shown: list[Report] = []
    times = Counter(problem.rule.id for problem, _ in checked.all())
    told = Counter[str]()
    for problem, span in checked.all():
        rule = problem.rule.id
        told[rule] += 1
        is_capped = problem.severity is not Severity.ERROR and times[rule] > _MOST
        if is_capped and told[rule] > _MOST:
            continue
        report = _report(checked, path, problem, span)
        if is_capped and told[rule] == _MOST:
            more = f"{report.message} (and {times[rule] - _MOST} more like this below)"
            report = msgspec.structs.replace(report, message=more)
        shown.append(report)
    return tuple(shown)


def _report(checked: Checked, path: str, problem: Problem, span: Span) -> Report:
    document = checked.document
    line, column = document.position(span.start)
    end_line, end_column = document.position(span.end)
    return Report(
        path=path,
        line=line + 1,
        column=column + 1,
        end_line=end_line + 1,
        end_column=end_column + 1,
        rule=problem.rule.id,
        area=problem.rule.area,
        severity=problem.severity.word,
        message=problem.finding.message,
        cwe=problem.rule.cwe,
        related=_related(checked, path, problem),
        fix=_remedy(checked, problem),
    )


def _related(checked: Checked, path: str, problem: Problem) -> tuple[Place, ...]:
    places: list[Place] = []
    for related in problem.finding.related:
        if related.path:
            line, column = _elsewhere(related.path, related.span.start)
            places.append(Place(related.path, line + 1, column + 1, related.message))
            continue
        start = checked.home(related.home, problem.item)
        if start is not None:
            line, column = checked.document.position(start + related.span.start)
            places.append(Place(path, line + 1, column + 1, related.message))
    return tuple(places)


def _elsewhere(path: str, offset: int) -> tuple[int, int]:
    """A position in another file; its first line when it cannot be read any more."""
    try:
        return LineTable(decoded(Path(path).read_bytes())).position(offset)
    except OSError:
        return 0, 0


def _remedy(checked: Checked, problem: Problem) -> Remedy | None:
    fix = problem.finding.fix
    edits = edits_of(checked, problem) if fix is not None else ()
    if fix is None or not edits:
        return None
    return Remedy(
        fix.title, fix.is_sure, tuple(_replacement(checked.document, edit) for edit in edits)
    )


def _replacement(document: Document, edit: Edit) -> Replacement:
    line, column = document.position(edit.span.start)
    end_line, end_column = document.position(edit.span.end)
    return Replacement(line + 1, column + 1, end_line + 1, end_column + 1, edit.text)
