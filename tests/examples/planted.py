"""The table of `examples/shop/FAULTS.md`, and what the checker finds in the examples."""

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from backend_expert.facts.code import Function, walk
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SHOP = EXAMPLES / "shop"
FIXED = EXAMPLES / "shop-fixed"

_ROW = re.compile(
    r"\| `(?P<file>[^`]+)` \| `(?P<rule>[a-z0-9-]+/[a-z0-9-]+)` \| (`+)(?P<text>.*?)\3 \|"
)


class Fault(NamedTuple):
    """One row of FAULTS.md."""

    file: str
    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.rule} in {self.file}"


class Report(NamedTuple):
    """A finding: its file, rule and line, and the places that it points at beside its own."""

    file: str
    rule: str
    line: int
    message: str
    related: tuple[tuple[str, int], ...]


@cache
def faults() -> tuple[Fault, ...]:
    """All planted faults."""
    rows = _ROW.finditer((SHOP / "FAULTS.md").read_text("utf-8"))
    return tuple(Fault(row["file"], row["rule"], row["text"]) for row in rows)


def check(root: Path, *arguments: str) -> list[dict[str, Any]]:
    """`backend-expert check ROOT --format json`, run as a user would."""
    command = [sys.executable, "-m", "backend_expert.cli", "check", str(root), "--format", "json"]
    done = subprocess.run(
        [*command, *arguments], capture_output=True, text=True, cwd=root, timeout=300, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    assert not done.stderr, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@cache
def reports(root: Path) -> tuple[Report, ...]:
    """What is found below an example's folder."""
    return tuple(
        Report(
            one["path"],
            one["rule"],
            one["line"],
            one["message"],
            tuple((place["path"], place["line"]) for place in one["related"]),
        )
        for one in check(root)
    )


def lines_of(fault: Fault) -> range:
    """The lines that a finding of the fault may stand in: its text's, or its function's."""
    path = SHOP / fault.file
    source = path.read_text("utf-8")
    assert source.count(fault.text) == 1, f"{fault}: the text is not unique in its file"
    start = source.index(fault.text)
    document = Document.open(path.as_uri(), source, path=str(path))
    span = Span(start, start + len(fault.text))
    for at, piece in enumerate(document.pieces):
        for statement in piece.item.body:
            for node in walk(statement):
                whole = node.span.moved(document.start_of(at))
                if isinstance(node, Function) and whole.covers(span):
                    span = whole
    first, last = document.position(span.start)[0], document.position(span.end - 1)[0]
    return range(first + 1, last + 2)


def is_found(fault: Fault) -> bool:
    """Whether a finding of the fault's rule stands at it, or points there as where it ends.

    A value that one file lets in and another uses is reported where it is handed over, with the
    place of its use beside it.
    """
    lines = lines_of(fault)
    for report in reports(SHOP):
        if report.rule == fault.rule:
            places = ((report.file, report.line), *report.related)
            if any(file == fault.file and line in lines for file, line in places):
                return True
    return False
