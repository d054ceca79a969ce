"""`backend-expert ask`: the expert's answer about some lines of a file, in the terminal."""

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backend_expert.cli.reports.text import wants_colour
from backend_expert.cli.writing import Changed, write
from backend_expert.ide.types import Proposal, Question
from backend_expert.text.edit import apply
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Documents, decoded
from backend_expert.workspace.files import root_of

if TYPE_CHECKING:
    from backend_expert.cli.drawing import Growing

_PLACE = re.compile(r"(.+?)(?::(\d+)(?:-(\d+))?)?$", re.DOTALL)
_BOM = b"\xef\xbb\xbf"


@click.command()
@click.argument("task")
@click.argument("place", metavar="FILE[:LINE[-LINE]]")
@click.argument("words", nargs=-1)
def ask(task: str, place: str, words: tuple[str, ...]) -> None:
    """Ask the expert about some lines of a file, in your own WORDS if you like.

    An edit that the expert proposes is shown as a diff, and made only after your yes.
    """
    from backend_expert.lint.reading import nearest_name
    from backend_expert.persona.task import tasks

    known = tasks()
    if task not in known:
        near = nearest_name(task, list(known))
        cure = f" Did you mean {near}?" if near else ""
        raise click.UsageError(f"There is no task {task}.{cure} There are: {', '.join(known)}.")
    path, span, data, documents = _opened(place)
    question = Question(task, Path(path).as_uri(), span, " ".join(words))
    proposals = asyncio.run(_answer(documents, question))
    for proposal in proposals:
        _offer(path, data, proposal)


def _opened(place: str) -> tuple[str, Span, bytes, Documents]:
    """The file's path, the span of its lines (all when none are named), and its document."""
    found = _PLACE.match(place)
    name, first, last = found.groups() if found else (place, None, None)
    if first is not None and Path(place).is_file():
        name, first, last = place, None, None  # a colon in the file's own name
    path = os.path.abspath(name)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise click.UsageError(f"{name}: {(error.strerror or str(error)).lower()}") from error
    document = Document.open(Path(path).as_uri(), decoded(data), path=path)
    span = Span(0, document.end_of_file)
    if first is not None:
        start, end = int(first), int(last or first)
        if not 1 <= start <= end <= document.line_count:
            lines = f"{name} has {document.line_count} lines"
            raise click.UsageError(f"{lines}, so there is no {first}{'-' + last if last else ''}.")
        below = document.line_start(end - 1) + len(document.line_text(end - 1))
        span = Span(document.line_start(start - 1), below)
    documents = Documents()
    documents.set_roots((root_of(path),))
    documents.put(document)
    return path, span, data, documents


async def _answer(documents: Documents, question: Question) -> list[Proposal]:
    """Prints the answer as it comes, and gives the edits that came with it."""
    from backend_expert.persona.expert import ask as ask_expert

    printed = _Printed()
    proposals: list[Proposal] = []
    async for part in ask_expert(documents.snapshot(), question):
        if isinstance(part, Proposal):
            proposals.append(part)
        else:
            printed.add(part.text)
    printed.end()
    return proposals


class _Printed:
    """Markdown as it comes: drawn block by block on a terminal, as it is elsewhere."""

    def __init__(self) -> None:
        self._drawn = _growing() if sys.stdout.isatty() else None

    def add(self, text: str) -> None:
        """The next part of the answer."""
        if self._drawn is not None:
            self._drawn.add(text)
        else:
            click.echo(text, nl=False)

    def end(self) -> None:
        """The answer is whole."""
        if self._drawn is not None:
            self._drawn.end()


def _growing() -> "Growing":
    from rich.console import Console

    from backend_expert.cli.drawing import WIDTH, Growing

    console = Console(no_color=not wants_colour(sys.stdout), highlight=False)
    console.width = min(console.width, WIDTH)
    return Growing(console)


def _offer(path: str, data: bytes, proposal: Proposal) -> None:
    """Makes a proposed edit, whose diff the answer has shown, after a yes on a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return
    reason = f" ({proposal.reason})" if proposal.reason else ""
    if not click.confirm(f"{proposal.title}{reason}. Make this edit?"):
        return
    edits = [edit for file in proposal.edits for edit in file.edits]
    bom = _BOM if data.startswith(_BOM) else b""
    after = bom + apply(decoded(data), edits).encode("utf-8", "surrogateescape")
    shown = os.path.relpath(path) if path.startswith(str(Path.cwd()) + os.sep) else path
    try:
        write(path, data, after)
    except (OSError, Changed) as error:
        raise click.ClickException(f"{shown}: not edited: {error}") from error
