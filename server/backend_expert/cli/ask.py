"""`backend-expert ask`: the expert's answer about some lines of a file, in the terminal."""

import asyncio
import os
import re
import sys
from pathlib import Path

import click

from backend_expert.cli.writing import Changed, difference, write
from backend_expert.ide.types import Proposal, Question
from backend_expert.text.edit import apply
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Documents, decoded
from backend_expert.workspace.files import root_of

_PLACE = re.compile(r"(.+?)(?::(\d+)(?:-(\d+))?)?$", re.DOTALL)
_BOM = b"\xef\xbb\xbf"


@click.command()
@click.argument("task")
@click.argument("place", metavar="FILE[:LINE[-LINE]]")
@click.argument("words", nargs=-1)
@click.option("--question", default="", help="The same as WORDS, as an option.")
@click.option("--apply", "way", flag_value="apply", help="Make a proved edit without asking.")
@click.option("--diff", "way", flag_value="diff", help="Print only the proved edit, as a diff.")
@click.option("--show-brief", is_flag=True, help="Print what would be sent, and send nothing.")
@click.option(
    "--send",
    is_flag=True,
    help="Agree that code of this workspace is sent to the model you set up.",
)
def ask(
    task: str,
    place: str,
    words: tuple[str, ...],
    question: str,
    way: str | None,
    show_brief: bool,
    send: bool,
) -> None:
    """Ask the expert about some lines of a file, in your own WORDS if you like.

    An edit that the expert proposes is shown as a diff, and made only after your yes.
    """
    from backend_expert.cli.asking import Terminal
    from backend_expert.lint.reading import nearest_name
    from backend_expert.persona.task import tasks

    known = tasks()
    if task not in known:
        near = nearest_name(task, list(known))
        cure = f" Did you mean {near}?" if near else ""
        raise click.UsageError(f"There is no task {task}.{cure} There are: {', '.join(known)}.")
    path, span, data, documents = _opened(place)
    asked = Question(task, Path(path).as_uri(), span, question or " ".join(words))
    terminal = Terminal(documents.snapshot(), asked, is_apart=way == "diff")
    if show_brief:
        click.echo(terminal.would_send(), nl=False)
        return
    for proposal in asyncio.run(terminal.answer(agrees=send)):
        _take(path, data, proposal, way)


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


def _take(path: str, data: bytes, proposal: Proposal, way: str | None) -> None:
    """Prints a proposed edit, or makes it: at once where that was wanted, else after a yes."""
    edits = [edit for file in proposal.edits for edit in file.edits]
    bom = _BOM if data.startswith(_BOM) else b""
    after = bom + apply(decoded(data), edits).encode("utf-8", "surrogateescape")
    shown = os.path.relpath(path) if path.startswith(str(Path.cwd()) + os.sep) else path
    if way == "diff":
        click.echo(difference(shown, data, after), nl=False)
        return
    if way != "apply" and not _wants(proposal):
        return
    try:
        write(path, data, after)
    except (OSError, Changed) as error:
        raise click.ClickException(f"{shown}: not edited: {error}") from error


def _wants(proposal: Proposal) -> bool:
    """Whether the person at the terminal wants an edit, whose diff the answer has shown."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    reason = f" ({proposal.reason})" if proposal.reason else ""
    return click.confirm(f"{proposal.title}{reason}. Make this edit?")
