"""The targets of the design, measured on this machine through real stdio sessions, as a table.

`python server/tools/bench.py [--write]`; `--write` puts the table into server/docs/bench.md. ruff's
server and pylsp are measured on the same file in the same run when they are installed.
"""

import asyncio
import compileall
import importlib.util
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import backend_expert
from backend_expert.lsp.client import Session
from bench_sources import python_source, typescript_source
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[2]

PULL: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "diagnostic": {"relatedDocumentSupport": False},
        "publishDiagnostics": {"relatedInformation": True},
        "hover": {"contentFormat": ["markdown"]},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
    },
}
PUSH: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {"publishDiagnostics": {"versionSupport": True}},
}
OURS = (sys.executable, "-m", "backend_expert.cli", "serve")
TYPED = "total = price * 2"
SIZES = (1_000, 5_000, 10_000)


class Typing:
    """Typing inside functions all over a file, one character after the other."""

    def __init__(self, session: Session, uri: str, text: str, language: str) -> None:
        self.session, self.uri, self.version = session, uri, 1
        mark = "    note = 1" if language == "python" else "    const note = 1;"
        self.lines = [n for n, line in enumerate(text.split("\n")) if line.startswith(mark)]
        self.column = len(mark)
        session.open(uri, text, language)

    def places(self, count: int) -> list[int]:
        """Lines to type in, spread over the file."""
        step = max(len(self.lines) // count, 1)
        return self.lines[::step][:count]

    def type(self, line: int, character: int, text: str) -> int:
        """Types; the new version."""
        self.version += 1
        self.session.type_in(self.uri, self.version, line, character, text)
        return self.version


async def settle(session: Session, uri: str) -> None:
    """Lets a server finish what it does after its start, as it has when a person begins to type."""
    place = {"line": 0, "character": 0}
    await session.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": place})
    await asyncio.sleep(1)


async def pulled(typing: Typing, rounds: int = 12) -> list[float]:
    """Milliseconds from each keystroke to its diagnostics, asked for at once."""
    spent: list[float] = []
    previous: str | None = None
    for line in typing.places(rounds):
        for at, character in enumerate(" + " + TYPED):
            started = time.perf_counter()
            typing.type(line, typing.column + at, character)
            answer = await typing.session.pull(typing.uri, previous)
            spent.append((time.perf_counter() - started) * 1000)
            previous = answer.get("resultId")
    return spent


async def pushed(typing: Typing, rounds: int = 12) -> list[float]:
    """Milliseconds from each keystroke to the diagnostics that are pushed for it."""
    spent: list[float] = []
    for line in typing.places(rounds):
        for at, character in enumerate(" + " + TYPED):
            started = time.perf_counter()
            version = typing.type(line, typing.column + at, character)
            await typing.session.pushed(typing.uri, version)
            spent.append((time.perf_counter() - started) * 1000)
    return spent


async def burst(typing: Typing, push: bool) -> float:
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


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]


def resident(pid: int) -> float:
    """Resident memory of a process in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


class Bench:
    """Measures and keeps rows: what, figure, target, and whether it holds."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="backend-expert-bench-"))
        self.rows: list[tuple[str, str, str, bool | None]] = []
        self.memory = 0.0

    def row(self, what: str, figure: float, unit: str, most: float | None = None) -> None:
        """One line of the table; lower is better."""
        holds = None if most is None else figure <= most
        target = "" if most is None else f"≤ {most:g} {unit}"
        self.rows.append((what, f"{figure:.1f} {unit}", target, holds))
        print(f"  {what}: {figure:.1f} {unit} {'' if holds in (True, None) else '✗'}", flush=True)

    def file(self, name: str, text: str) -> str:
        """A file in the bench's folder; its URI."""
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path.as_uri()

    async def typing(self, language: str, size: int, push: bool) -> float:
        """The p95 of typing in a file; adds its row."""
        text = python_source(size) if language == "python" else typescript_source(size)
        name = f"service_{size}.{'py' if language == 'python' else 'ts'}"
        uri = self.file(name, text)
        async with Session.start(OURS) as session:
            await session.initialize(PUSH if push else PULL, [self.folder.as_uri()])
            typing = Typing(session, uri, text, language)
            await settle(session, uri)
            if push:
                await session.pushed(uri, 1)
                spent = await pushed(typing)
                settled = await burst(typing, push=True)
            else:
                await session.pull(uri)
                spent = await pulled(typing)
                settled = await burst(typing, push=False)
            self.memory = max(self.memory, resident(session.process.pid))
        way = "pushed" if push else "pulled"
        figure = p95(spent)
        self.row(f"keystroke, {language}, {size:,} lines, {way} (p95)", figure, "ms", 10)
        if size == SIZES[-1]:
            self.row(f"30 keystrokes at once, {language}, {way}", settled, "ms", 50)
        return figure

    async def start(self) -> None:
        """Process start to first diagnostics on the shop; then hover and light bulb."""
        path = ROOT / "examples/shop/api/shop/routers/products.py"
        text, root = path.read_text("utf-8"), (ROOT / "examples/shop").as_uri()
        firsts: list[float] = []
        for _ in range(5):
            started = time.perf_counter()
            async with Session.start(OURS) as session:
                await session.initialize(PULL, [root])
                session.open(path.as_uri(), text)
                await session.pull(path.as_uri())
                firsts.append((time.perf_counter() - started) * 1000)
        first = statistics.median(firsts)
        self.row("process start to first diagnostics (median)", first, "ms", 500)
        async with Session.start(OURS) as session:
            await session.initialize(PULL, [root])
            uri = path.as_uri()
            session.open(uri, text)
            await session.pull(uri)
            line = text[: text.index("SELECT sku")].count("\n")
            place = {"line": line, "character": 20}
            where = {"textDocument": {"uri": uri}, "position": place}
            await session.request("textDocument/hover", where)
            hovers = [await self.timed(session, "textDocument/hover", where) for _ in range(40)]
            self.row("hover (p95)", p95(hovers), "ms", 30)
            ask: dict[str, Any] = {
                "textDocument": {"uri": uri},
                "range": {"start": place, "end": place},
                "context": {"diagnostics": []},
            }
            bulbs = [await self.timed(session, "textDocument/codeAction", ask) for _ in range(40)]
            self.row("light bulb (p95)", p95(bulbs), "ms", 30)
            for other in sorted((ROOT / "examples/shop/api/shop").rglob("*.py")):
                if other != path:
                    session.open(other.as_uri(), other.read_text("utf-8"))
                await session.pull(other.as_uri())
            self.row("resident memory, shop open", resident(session.process.pid), "MiB", 90)

    async def timed(self, session: Session, method: str, params: dict[str, Any]) -> float:
        """Milliseconds of one request."""
        started = time.perf_counter()
        await session.request(method, params)
        return (time.perf_counter() - started) * 1000

    def scan(self) -> None:
        """Lines a second of a cold scan by one process."""
        folder = self.folder / "scan"
        folder.mkdir()
        lines = 0
        for number in range(40):
            text = python_source(1_000, seed=number)
            lines += text.count("\n")
            (folder / f"service_{number}.py").write_text(text, "utf-8")
        command = [sys.executable, "-m", "backend_expert.cli", "check", str(folder)]
        command += ["--format", "json", "--jobs", "1"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, capture_output=True, check=False, cwd=folder)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        rate = lines / spent
        self.rows.append(("check, cold, one core", f"{rate:,.0f} lines/s", "≥ 20,000 lines/s",
                          rate >= 20_000))  # fmt: skip
        print(f"  check: {rate:,.0f} lines/s", flush=True)

    async def peers(self, mine: float) -> None:
        """The same typing in other servers, as ratios."""
        text = python_source(SIZES[-1])
        for name, command in peers():
            uri = self.file(f"peer_{name}.py", text)
            push = name == "pylsp"
            async with Session.start(command, cwd=str(self.folder), stderr=-3) as session:
                await session.initialize(PUSH if push else PULL, [self.folder.as_uri()])
                typing = Typing(session, uri, text, "python")
                await settle(session, uri)
                spent = await (pushed_by_count(typing) if push else pulled(typing))
            figure = p95(spent)
            ratio = mine / figure
            target, holds = ("≤ 1 of it", ratio <= 1) if name == "ruff server" else ("", None)
            what = f"{name}, the same 10,000 lines (p95)"
            self.rows.append((what, f"{figure:.1f} ms, ours is {ratio:.2f} of it", target, holds))
            print(f"  {what}: {figure:.1f} ms; ours is {ratio:.2f} of it", flush=True)

    async def run(self) -> bool:
        """All measurements; whether every target holds."""
        await self.start()
        mine = 0.0
        for language in ("python", "typescript"):
            by_size: dict[int, float] = {}
            for size in SIZES:
                by_size[size] = await self.typing(language, size, push=False)
            if language == "python":
                mine = by_size[SIZES[-1]]
            flat = by_size[SIZES[-1]] / by_size[SIZES[0]]
            self.row(f"10,000 lines cost, of 1,000 lines, {language}", flat, "times", 1.5)
            for size in SIZES:
                await self.typing(language, size, push=True)
        self.row("resident memory, the most in these runs", self.memory, "MiB", 150)
        await self.peers(mine)
        self.scan()
        shutil.rmtree(self.folder, ignore_errors=True)
        return all(holds is not False for *_, holds in self.rows)


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


def peers() -> list[tuple[str, tuple[str, ...]]]:
    """The other servers that are installed."""
    found: list[tuple[str, tuple[str, ...]]] = []
    ruff = Path(sys.executable).parent / "ruff"
    if ruff.exists():
        found.append(("ruff server", (str(ruff), "server")))
    if importlib.util.find_spec("pylsp"):
        found.append(("pylsp", (sys.executable, "-m", "pylsp")))
    return found


def main() -> int:
    """Runs the bench; 1 when a target does not hold."""
    # As `pip install` does, and an editable install does not: what is measured is what users have.
    compileall.compile_dir(Path(backend_expert.__file__).parent, quiet=1)
    bench = Bench()
    well = asyncio.run(bench.run())
    table = Table(title="Backend Expert on this machine")
    for head in ("what", "measured", "target", ""):
        table.add_column(head)
    for what, figure, target, holds in bench.rows:
        table.add_row(what, figure, target, {True: "✓", False: "✗", None: ""}[holds])
    Console(width=120).print(table)
    if "--write" in sys.argv:
        write(bench.rows)
    return 0 if well else 1


def write(rows: list[tuple[str, str, str, bool | None]]) -> None:
    """Puts the table into the docs."""
    lines = [
        "# Measured",
        "",
        f"`make bench` on {os.cpu_count()} cores, Python {platform.python_version()}.",
        "",
        "| what | measured | target | |",
        "| --- | --- | --- | --- |",
    ]
    for what, figure, target, holds in rows:
        mark = {True: "✓", False: "✗", None: ""}[holds]
        lines.append(f"| {what} | {figure} | {target} | {mark} |")
    (ROOT / "server/docs/bench.md").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
