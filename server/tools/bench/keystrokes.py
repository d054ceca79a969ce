"""Rows: from a keystroke to its diagnostics, in files of three sizes."""

from pathlib import Path

from backend_expert.lsp.client import Session

from bench.sessions import OURS, PULL, PUSH, resident, settle
from bench.sources import source
from bench.table import Rows, p95
from bench.typed import Typing, burst, by_turns, pulled, pushed

SIZES = (1_000, 5_000, 10_000)


async def keystrokes(rows: Rows, folder: Path) -> float:
    """Measures both languages, pulled and pushed; the p95 of Python's largest file, pulled."""
    most = largest = 0.0
    for language in ("python", "typescript"):
        for push in (False, True):
            for size in SIZES:
                figure, memory = await _typed(rows, folder, language, size, push=push)
                most = max(most, memory)
                if (language, size, push) == ("python", SIZES[-1], False):
                    largest = figure
        await _flat(rows, folder, language)
    rows.at_most("resident memory, the most in these runs", most, "MiB", 150)
    return largest


async def _flat(rows: Rows, folder: Path, language: str) -> None:
    """Adds what a keystroke in a large file costs, of one in a small file, typed by turns."""
    async with Session.start(OURS) as session:
        await session.initialize(PULL, [folder.as_uri()])
        files: list[Typing] = []
        for size in (SIZES[0], SIZES[-1]):
            path = _written(folder, language, size)
            files.append(Typing(session, path.as_uri(), path.read_text("utf-8"), language))
            await settle(session, path.as_uri())
            await session.pull(path.as_uri())
        small, large = [p95(spent) for spent in await by_turns(files)]
    rows.at_most(f"10,000 lines cost, of 1,000 lines, {language}", large / small, "times", 1.5)


def _written(folder: Path, language: str, size: int) -> Path:
    """A file of so many lines."""
    path = folder / f"service_{size}.{'py' if language == 'python' else 'ts'}"
    path.write_text(source(language, size), "utf-8")
    return path


async def _typed(
    rows: Rows, folder: Path, language: str, size: int, *, push: bool
) -> tuple[float, float]:
    """The p95 of typing in one file, and the server's memory; adds the rows."""
    path = _written(folder, language, size)
    text, uri = path.read_text("utf-8"), path.as_uri()
    async with Session.start(OURS) as session:
        await session.initialize(PUSH if push else PULL, [folder.as_uri()])
        typing = Typing(session, uri, text, language)
        await settle(session, uri)
        if push:
            await session.pushed(uri, 1)
            spent = await pushed(typing)
        else:
            await session.pull(uri)
            spent = await pulled(typing)
        settled = await burst(typing, push=push)
        memory = resident(session.process.pid)
    way = "pushed" if push else "pulled"
    rows.at_most(f"keystroke, {language}, {size:,} lines, {way} (p95)", p95(spent), "ms", 10)
    if size == SIZES[-1]:
        rows.at_most(f"30 keystrokes at once, {language}, {way}", settled, "ms", 50)
    return p95(spent), memory
