"""Rows: from a keystroke to its diagnostics, in files of three sizes."""

from pathlib import Path

from backend_expert.lsp.client import Session

from bench.sessions import OURS, PULL, PUSH, resident, settle
from bench.sources import source
from bench.table import Rows, p95
from bench.typed import Typing, burst, pulled, pushed

SIZES = (1_000, 5_000, 10_000)


async def keystrokes(rows: Rows, folder: Path) -> float:
    """Measures both languages, pulled and pushed; the p95 of Python's largest file, pulled."""
    most = largest = 0.0
    for language in ("python", "typescript"):
        figures: list[float] = []
        for push in (False, True):
            for size in SIZES:
                figure, memory = await _typed(rows, folder, language, size, push=push)
                figures.append(figure)
                most = max(most, memory)
            if not push:
                what = f"10,000 lines cost, of 1,000 lines, {language}"
                rows.at_most(what, figures[-1] / figures[0], "times", 1.5)
        if language == "python":
            largest = figures[len(SIZES) - 1]
    rows.at_most("resident memory, the most in these runs", most, "MiB", 150)
    return largest


async def _typed(
    rows: Rows, folder: Path, language: str, size: int, *, push: bool
) -> tuple[float, float]:
    """The p95 of typing in one file, and the server's memory; adds the rows."""
    text = source(language, size)
    path = folder / f"service_{size}.{'py' if language == 'python' else 'ts'}"
    path.write_text(text, "utf-8")
    uri = path.as_uri()
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
