"""Checking whole folders: every file on its own, in worker processes, its findings as reports."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from backend_expert.ide.fixes import Check, fix_all
from backend_expert.ide.report import Report, reports
from backend_expert.ide.scopes import Layer, Scopes
from backend_expert.lint.checked import Checked
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import decoded
from backend_expert.workspace.scan import JOBS, Outcome, Work, scan

_BOM = b"\xef\xbb\xbf"


class FileResult(msgspec.Struct, frozen=True):
    """What came of one file.

    skipped: why it was not checked, empty when it was. broken: rules that failed on it, with the
    error. left: rules that another linter has on, with their names there. before, after: its
    bytes without and with the fixes that were made (`fixed` of them); empty when none was.
    """

    reports: tuple[Report, ...] = ()
    skipped: str = ""
    broken: tuple[tuple[str, str], ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    lines: int = 0
    fixed: int = 0
    before: bytes = b""
    after: bytes = b""


class Plan(msgspec.Struct, frozen=True):
    """All that a worker process needs to check files: plain data, so that it can be sent there."""

    roots: tuple[str, ...] = ()
    layers: tuple[Layer, ...] = ()
    fixes: bool = False

    def __call__(self) -> Work[FileResult]:
        """The work, with the rules and settings of this process."""
        return Checker(self).check


class Checker:
    """Checks files one by one, in one process."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._broken: list[tuple[str, str]] = []
        self.scopes = Scopes(plan.roots, plan.layers, on_error=self._note)

    def _note(self, rule: str, error: Exception) -> None:
        self._broken.append((rule, f"{type(error).__name__}: {error}"))

    def check(self, path: str) -> FileResult:
        """One file from disk.

        Raises:
            OSError: it cannot be read.
        """
        self._broken.clear()
        data = Path(path).read_bytes()
        document = Document.open(Path(path).as_uri(), decoded(data), path=path)
        if document.skipped:
            return FileResult(skipped=document.skipped)
        scope, relative = self.scopes.scope_for(path), self.scopes.relative(path)
        checked = Checked(document, relative, scope)
        result = FileResult(lines=document.line_count)
        left = scope.left(document.language)
        if self._plan.fixes:
            checked, result = _mended(checked, data, lambda fresh: Checked(fresh, relative, scope))
        broken = tuple(dict.fromkeys(self._broken))
        told = reports(checked, path)
        return msgspec.structs.replace(result, reports=told, broken=broken, left=left)


def _mended(checked: Checked, data: bytes, check: Check) -> tuple[Checked, FileResult]:
    """The document with its sure fixes made, and the bytes before and after."""
    fixed = fix_all(checked, check)
    lines = fixed.checked.document.line_count
    if not fixed.made:
        return checked, FileResult(lines=lines)
    bom = _BOM if data.startswith(_BOM) else b""
    after = bom + fixed.text.encode("utf-8", "surrogateescape")
    return fixed.checked, FileResult(lines=lines, fixed=fixed.made, before=data, after=after)


def check_files(
    paths: Sequence[str],
    plan: Plan,
    *,
    jobs: int = JOBS,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Outcome[FileResult]]:
    """The results of all files, in their order; paths must be absolute."""
    return scan([os.path.abspath(path) for path in paths], plan, jobs=jobs, progress=progress)
