"""Asking in a terminal: the answer as it comes, and the question whether code may be sent."""

import sys
from typing import TYPE_CHECKING, TextIO

import click

from backend_expert.cli.reports.text import wants_colour
from backend_expert.ide.types import Proposal, Question, Said
from backend_expert.persona.conversation import Conversation
from backend_expert.persona.expert import Expert, Unanswerable
from backend_expert.workspace.documents import Snapshot

if TYPE_CHECKING:
    from backend_expert.cli.drawing import Growing


class Terminal:
    """One question and its answer. is_apart: it is printed to standard error, beside the diff."""

    def __init__(self, snapshot: Snapshot, question: Question, *, is_apart: bool = False) -> None:
        self._snapshot = snapshot
        self._question = question
        self._out = sys.stderr if is_apart else sys.stdout
        self._expert = Expert.of_session(
            {}, lambda words: click.echo(f"warning: {words}", err=True)
        )

    def would_send(self) -> str:
        """What would be sent, as Markdown."""
        try:
            return self._expert.would_send(self._snapshot, self._question)
        except Unanswerable as error:
            raise click.ClickException(str(error)) from error

    async def answer(self, *, agrees: bool = False) -> list[Proposal]:
        """Prints the answer as it comes, and gives the edits that came with it."""
        try:
            talk = self._expert.begin(self._snapshot, self._question)
        except Unanswerable as error:
            raise click.ClickException(str(error)) from error
        self._ask_consent(talk, agrees)
        printed = _Printed(self._out)
        proposals: list[Proposal] = []
        try:
            async for part in self._expert.answer(talk):
                if isinstance(part, Proposal):
                    proposals.append(part)
                elif isinstance(part, Said):
                    printed.add(part.text)
        finally:
            printed.end()
            self._expert.finished(talk)
            await self._expert.close()
        return proposals

    def _ask_consent(self, talk: Conversation, agrees: bool) -> None:
        where = self._expert.wants_consent(talk)
        if not where:
            return
        if agrees:
            self._expert.agree(talk, "asks")
        elif sys.stdin.isatty() and self._out.isatty():
            words = f"The code that you ask about would be sent to {where}. Is that all right here?"
            self._expert.agree(talk, "asks" if click.confirm(words, err=True) else "no")


class _Printed:
    """Markdown as it comes: drawn block by block on a terminal, as it is elsewhere."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._drawn = _growing(out) if out.isatty() else None

    def add(self, text: str) -> None:
        """The next part of the answer."""
        if self._drawn is not None:
            self._drawn.add(text)
        else:
            click.echo(text, nl=False, file=self._out)

    def end(self) -> None:
        """The answer is whole."""
        if self._drawn is not None:
            self._drawn.end()


def _growing(out: TextIO) -> "Growing":
    from rich.console import Console

    from backend_expert.cli.drawing import WIDTH, Growing

    console = Console(file=out, no_color=not wants_colour(out), highlight=False)
    console.width = min(console.width, WIDTH)
    return Growing(console)
