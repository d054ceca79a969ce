"""Typing inside functions all over a file, one character after the other, and its times."""

import time
from collections.abc import Sequence

from backend_expert.lsp.client import Session

from bench.sources import MARKS

TYPED = " + total = price * 2"


class Typing:
    """A file that is open in a session, and typed in."""

    def __init__(self, session: Session, uri: str, text: str, language: str) -> None:
        self.session, self.uri, self.version = session, uri, 1
        mark, self.round = MARKS[language]
        self.lines = [n for n, line in enumerate(text.split("\n")) if line.startswith(mark)]
        self.column = len(mark)
        session.open(uri, text, language)

    def places(self, count: int) -> list[int]:
        """Lines to type in, spread over the file; in files of any size the same kinds of places."""
        rounds = len(self.lines) // self.round
        return [
            self.lines[at * rounds // count * self.round + at % self.round] for at in range(count)
        ]

    def type(self, line: int, character: int, text: str) -> int:
        """Types; the new version."""
        self.version += 1
        self.session.type_in(self.uri, self.version, line, character, text)
        return self.version


async def pulled(typing: Typing, rounds: int = 12) -> list[float]:
    """Milliseconds from each keystroke to its diagnostics, asked for at once."""
    spent: list[float] = []
    previous: str | None = None
    for line in typing.places(rounds):
        for at, character in enumerate(TYPED):
            started = time.perf_counter()
            typing.type(line, typing.column + at, character)
            answer = await typing.session.pull(typing.uri, previous)
            spent.append((time.perf_counter() - started) * 1000)
            previous = answer.get("resultId")
    return spent


async def by_turns(files: Sequence[Typing], rounds: int = 12) -> list[list[float]]:
    """As `pulled`, one character in each file by turns, so that the machine is alike to all."""
    spent: list[list[float]] = [[] for _ in files]
    previous: list[str | None] = [None for _ in files]
    for lines in zip(*(typing.places(rounds) for typing in files), strict=True):
        for at, character in enumerate(TYPED):
            for number, (typing, line) in enumerate(zip(files, lines, strict=True)):
                started = time.perf_counter()
                typing.type(line, typing.column + at, character)
                answer = await typing.session.pull(typing.uri, previous[number])
                spent[number].append((time.perf_counter() - started) * 1000)
                previous[number] = answer.get("resultId")
    return spent


async def pushed(typing: Typing, rounds: int = 12) -> list[float]:
    """Milliseconds from each keystroke to the diagnostics that are pushed for it."""
    spent: list[float] = []
    for line in typing.places(rounds):
        for at, character in enumerate(TYPED):
            started = time.perf_counter()
            version = typing.type(line, typing.column + at, character)
            await typing.session.pushed(typing.uri, version)
            spent.append((time.perf_counter() - started) * 1000)
    return spent


async def pushed_by_count(typing: Typing) -> list[float]:
    """As `pushed`, for a server that tells no versions: the next report counts."""
    told = typing.session.told["textDocument/publishDiagnostics"]
    await typing.session.until(lambda: told)
    spent: list[float] = []
    for line in typing.places(4):
        known = len(told)
        started = time.perf_counter()
        typing.type(line, typing.column, "x")
        await typing.session.until(lambda known=known: len(told) > known)
        spent.append((time.perf_counter() - started) * 1000)
    return spent


async def burst(typing: Typing, *, push: bool) -> float:
    """Milliseconds from the last of 30 keystrokes sent at once to its diagnostics."""
    line = typing.places(3)[1]
    for at in range(29):
        typing.type(line, typing.column + at, "x")
    started = time.perf_counter()
    version = typing.type(line, typing.column + 29, "x")
    if push:
        await typing.session.pushed(typing.uri, version)
    else:
        await typing.session.pull(typing.uri)
    return (time.perf_counter() - started) * 1000
