"""What `check` does: find the files, check them, hand the results to the chosen format."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import msgspec

from backend_expert.cli.reports import Reporter, reporter
from backend_expert.cli.writing import Changed, difference, write
from backend_expert.ide.report import Report
from backend_expert.ide.scan import FileResult, Plan, check_files
from backend_expert.ide.scopes import Layer, Scopes
from backend_expert.workspace.files import Listing, find_files, root_of
from backend_expert.workspace.scan import JOBS, Outcome

CLEAN, FOUND, FAILED = 0, 1, 2
# A progress bar for anything that takes longer than a blink.
_MANY_FILES = 60


class Request(msgspec.Struct, frozen=True):
    """What the user asks `check` to do."""

    paths: tuple[str, ...]
    form: str = "text"
    layer: dict[str, Any] = {}
    fix: bool = False
    diff: bool = False
    jobs: int | None = None
    output: str | None = None
    quiet: bool = False


class Tally(msgspec.Struct):
    """What is counted on the way."""

    findings: int = 0
    files: int = 0
    lines: int = 0
    fixed: int = 0
    fixed_files: int = 0
    failures: int = 0
    changes: int = 0
    left: dict[tuple[str, str], None] = {}


def run(request: Request) -> int:
    """Checks what is asked for, prints it and gives the exit code."""
    layers = (Layer("the command line", request.layer),) if request.layer else ()
    roots = tuple(dict.fromkeys(root_of(os.path.abspath(path)) for path in request.paths))
    scopes = Scopes(roots, layers)
    for path in request.paths:
        scopes.settings_for(os.path.join(os.path.abspath(path), "_"))
    if any(complaint.path == "the command line" for complaint in scopes.complaints):
        return _wrong_usage(scopes)
    listing = find_files(request.paths, excludes=scopes.excludes)
    plan = Plan(roots, layers, fixes=request.fix or request.diff)
    with _output(request) as out:
        tally = _check(request, listing, plan, out)
    if tally.left and request.form == "text" and not request.quiet:
        rules = ", ".join(f"{rule} ({twins})" for rule, twins in sorted(tally.left))
        _say(f"left to linters that are set up here: {rules}; add an id to `select` to have both")
    for complaint in scopes.complaints:
        _say(f"settings: {shown(complaint.path)}:{complaint.line}: {complaint.message}")
    if tally.failures or any(skipped.is_failure for skipped in listing.skipped):
        return FAILED
    return FOUND if tally.findings or (request.diff and tally.changes) else CLEAN


def _wrong_usage(scopes: Scopes) -> int:
    for complaint in scopes.complaints:
        if complaint.path == "the command line":
            _say(f"error: {complaint.message}")
    return FAILED


def _check(request: Request, listing: Listing, plan: Plan, out: TextIO) -> Tally:
    tally = Tally()
    for skipped in listing.skipped:
        word = "error" if skipped.is_failure else "not checked"
        _say(f"{word}: {shown(skipped.path)}: {skipped.reason}")
    printed = None if request.diff else reporter(request.form, out, is_quiet=request.quiet)
    said: set[str] = set()
    with _progress(request, len(listing.files), out) as progress:
        results = check_files(
            listing.files, plan, jobs=request.jobs or JOBS, progress=progress.advance
        )
        for outcome in results:
            _take(outcome, request, tally, printed, out, said, progress)
    if printed is not None:
        printed.end(tally)
    elif tally.fixed and not request.quiet:
        fixes = "1 fix" if tally.fixed == 1 else f"{tally.fixed} fixes"
        _say(f"{fixes} would be made; --fix makes them")
    return tally


def _take(
    outcome: Outcome[FileResult],
    request: Request,
    tally: Tally,
    printed: Reporter | None,
    out: TextIO,
    said: set[str],
    progress: "Progress",
) -> None:
    """One file's result: counted, written or shown as a diff, and printed."""
    name, result = shown(outcome.path), outcome.value
    if result is None:
        tally.failures += 1
        progress.say(f"error: {name}: {outcome.error}")
        return
    if result.skipped:
        progress.say(f"not checked: {name}: {result.skipped}")
        return
    for rule, error in result.broken:
        tally.failures += 1
        if rule not in said:
            said.add(rule)
            progress.say(f"error: the rule {rule} failed on {name} and was passed over: {error}")
    tally.files += 1
    tally.lines += result.lines
    tally.findings += len(result.reports)
    tally.left.update(dict.fromkeys(result.left))
    if result.fixed:
        _mend(outcome.path, name, result, request, tally, out, progress)
    if printed is not None and result.reports:
        with progress.paused():
            printed.file(name, tuple(_named(report, name) for report in result.reports))


def _mend(
    path: str,
    name: str,
    result: FileResult,
    request: Request,
    tally: Tally,
    out: TextIO,
    progress: "Progress",
) -> None:
    tally.changes += 1
    if request.diff:
        out.write(difference(name, result.before, result.after))
    else:
        try:
            write(path, result.before, result.after)
        except (OSError, Changed) as error:
            tally.failures += 1
            progress.say(f"error: {name}: not mended: {error}")
            return
    tally.fixed += result.fixed
    tally.fixed_files += 1


def shown(path: str) -> str:
    """A path as the user would write it: from the current folder where it lies below it."""
    if not os.path.isabs(path):
        return path
    inside = os.path.relpath(path) if path.startswith(str(Path.cwd()) + os.sep) else path
    return inside.replace(os.sep, "/")


def _named(report: Report, name: str) -> Report:
    related = tuple(msgspec.structs.replace(p, path=shown(p.path)) for p in report.related)
    return msgspec.structs.replace(report, path=name, related=related)


def _say(message: str) -> None:
    print(message.encode("utf-8", "replace").decode(), file=sys.stderr)


@contextmanager
def _output(request: Request) -> Generator[TextIO]:
    """Where findings go. What cannot be written in the terminal's encoding is escaped."""
    if request.output is None:
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(errors="backslashreplace")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        yield sys.stdout
        return
    with open(request.output, "w", encoding="utf-8", errors="backslashreplace") as file:
        yield file


class Progress:
    """A progress bar on a terminal, and the way to print beside it; by itself it shows nothing."""

    def advance(self, done: int) -> None:
        """So many files are done."""

    def say(self, message: str) -> None:
        """A message for standard error."""
        _say(message)

    @contextmanager
    def paused(self) -> Generator[None]:
        """Room to print findings."""
        yield


@contextmanager
def _progress(request: Request, count: int, out: TextIO) -> Generator[Progress]:
    is_wanted = not request.quiet and count >= _MANY_FILES and sys.stderr.isatty()
    if not is_wanted or (out is sys.stdout and sys.stdout.isatty() and request.form != "text"):
        yield Progress()
        return
    from backend_expert.cli.progress import Bar

    with Bar(count) as bar:
        yield bar
