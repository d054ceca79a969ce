"""Rows: the same typing in other servers, as ratios, where they are installed."""

import importlib.util
import sys
from pathlib import Path

from backend_expert.lsp.client import Session

from bench.sessions import PULL, PUSH, settle
from bench.sources import source
from bench.table import Rows, p95
from bench.typed import Typing, pulled, pushed_by_count

LINES = 10_000


async def peers(rows: Rows, folder: Path, mine: float) -> None:
    """`mine` is our p95 on as long a file of Python, pulled."""
    text = source("python", LINES)
    for name, command in _installed():
        path = folder / f"peer_{name.split()[0]}.py"
        path.write_text(text, "utf-8")
        push = name == "pylsp"
        async with Session.start(command, cwd=str(folder), stderr=-3) as session:
            await session.initialize(PUSH if push else PULL, [folder.as_uri()])
            typing = Typing(session, path.as_uri(), text, "python")
            await settle(session, path.as_uri())
            spent = await (pushed_by_count(typing) if push else pulled(typing))
        figure = p95(spent)
        ratio = mine / figure
        target, holds = ("≤ 1 of it", ratio <= 1) if name == "ruff server" else ("", None)
        measured = f"{figure:.1f} ms, ours is {ratio:.2f} of it"
        rows.note(f"{name}, the same {LINES:,} lines (p95)", measured, target, holds)


def _installed() -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = []
    ruff = Path(sys.executable).parent / "ruff"
    if ruff.exists():
        found.append(("ruff server", (str(ruff), "server")))
    if importlib.util.find_spec("pylsp"):
        found.append(("pylsp", (sys.executable, "-m", "pylsp")))
    return found
