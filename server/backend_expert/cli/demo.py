"""`backend-expert demo`: the real server over stdio, driven as an editor would drive it."""

import asyncio
import difflib
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any

import click

from backend_expert.cli.stage import Stage
from backend_expert.lsp.client import Failed, Session

CAPABILITIES: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-32", "utf-16"]},
    "window": {"showDocument": {"support": True}, "workDoneProgress": True},
    "workspace": {
        "applyEdit": True,
        "workspaceEdit": {"documentChanges": True, "changeAnnotationSupport": {}},
        "textDocumentContent": {},
    },
    "textDocument": {
        "diagnostic": {"relatedDocumentSupport": False},
        "publishDiagnostics": {"relatedInformation": True},
        "hover": {"contentFormat": ["markdown"]},
        "codeLens": {},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}},
            "isPreferredSupport": True,
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
    },
}
# Whatever model the person has set up: the demo is to cost nothing and to send nothing.
OFFLINE = {"ANTHROPIC_API_KEY": "", "ANTHROPIC_AUTH_TOKEN": "", "ANTHROPIC_BASE_URL": ""}
SHOP = Path("examples/shop")
# The file that is shown, and in it a query inside a function.
FILE = "api/shop/routers/products.py"
QUERY = "SELECT sku, name"
TYPED = "limit = min(limit, 50)\n    "


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--picture", type=click.Path(path_type=Path), help="Draw it as an SVG as well.")
def demo(folder: Path | None, picture: Path | None) -> None:
    """See the server at work: findings, hover, light bulb, an answer, a proved edit.

    FOLDER is the shop of this project's examples; it is found from the project's own folder.
    """
    root = folder or (SHOP if SHOP.is_dir() else Path(__file__).parents[3] / SHOP)
    path = (root / FILE).resolve()
    if not path.is_file():
        click.echo(f"There is no {root / FILE}; run this in the project's own folder.", err=True)
        sys.exit(2)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    with tempfile.TemporaryFile() as log:
        try:
            asyncio.run(Tour(root.resolve(), path, Stage(picture)).run(log))
        except (Failed, OSError, TimeoutError, EOFError) as error:
            log.seek(0)
            said = log.read().decode("utf-8", "replace").strip()
            click.echo(f"The demo has stopped: {error}\n{said}", err=True)
            sys.exit(1)


class Tour:
    """One session with the server, station by station."""

    def __init__(self, root: Path, path: Path, stage: Stage) -> None:
        self.root = root
        self.uri = path.as_uri()
        self.text = path.read_text("utf-8")
        self.lines = self.text.split("\n")
        self.stage = stage
        self.version = 1
        self.edits: list[dict[str, Any]] = []

    async def run(self, log: IO[bytes]) -> None:
        """The whole tour, in the order in which a person meets these things."""
        self.stage.title(f"speaks LSP over stdio; here it is asked about {FILE}")
        started = time.perf_counter()
        async with Session.start(stderr=log.fileno(), env=OFFLINE) as session:
            session.answers["workspace/applyEdit"] = self.take_edit
            await session.initialize(CAPABILITIES, [self.root.as_uri()])
            session.open(self.uri, self.text)
            found = (await session.pull(self.uri))["items"]
            self.findings(found, (time.perf_counter() - started) * 1000)
            with self.stage.unseen():
                await self.typing(session)
            await self.hover(session)
            with self.stage.unseen():
                await self.bulb(session, found)
                await self.answer(session)
            await self.rewrite(session, found)
            await session.shutdown()
        with self.stage.unseen():
            self.stage.blank()
            self.stage.say("The whole shop:  backend-expert check examples/shop")
            self.stage.say("One rule's page: backend-expert explain sql-injection")
        self.stage.end()

    # -- the stations -----------------------------------------------------------------------------

    def findings(self, found: list[dict[str, Any]], spent: float) -> None:
        """The squiggles, worst first."""
        words = f"{len(found)} findings, {spent:.0f} ms after the server was started: no database"
        self.stage.station("Open the file", f"{words}, no key, nothing to set up")
        ordered = sorted(found, key=lambda one: one["severity"])
        for number, one in enumerate(ordered):
            if number < 2:
                self.stage.finding(one, self.lines, self.uri)
            else:
                with self.stage.unseen():
                    self.stage.finding(one, self.lines, self.uri)

    async def typing(self, session: Session) -> None:
        """A line is typed into a function, and each keystroke is answered with fresh findings."""
        place = self.place("rows = session.execute")
        line, at = place["line"], place["character"]
        spent: list[float] = []
        for letter in TYPED:
            self.version += 1
            started = time.perf_counter()
            session.type_in(self.uri, self.version, line, at, letter)
            await session.pull(self.uri)
            spent.append((time.perf_counter() - started) * 1000)
            line, at = (line + 1, 0) if letter == "\n" else (line, at + 1)
        self.version += 1
        session.change(self.uri, self.version, {"text": self.text})
        await session.pull(self.uri)
        self.stage.station("Type", f"`{TYPED.strip()}` in line {place['line'] + 1}")
        middle, most = statistics.median(spent), max(spent)
        self.stage.say(
            f"{len(spent)} keystrokes, each answered with fresh findings: "
            f"{middle:.1f} ms in the median, {most:.1f} ms at most"
        )

    async def hover(self, session: Session) -> None:
        """What a query does, in words."""
        place = self.place(QUERY)
        params = {"textDocument": {"uri": self.uri}, "position": place}
        found = await session.request("textDocument/hover", params)
        if found:
            self.stage.station("Hover", f"over the SQL in line {place['line'] + 1}")
            self.stage.markdown(found["contents"]["value"])

    async def bulb(self, session: Session, found: list[dict[str, Any]]) -> None:
        """The light bulb at a finding that has a quick fix, and the line above the function."""
        for one in sorted(found, key=lambda one: one["severity"]):
            params = {
                "textDocument": {"uri": self.uri},
                "range": one["range"],
                "context": {"diagnostics": [one]},
            }
            offered = await session.request("textDocument/codeAction", params)
            titles = [(each["title"], bool(each.get("isPreferred"))) for each in offered]
            if any(is_preferred for _, is_preferred in titles):
                line = one["range"]["start"]["line"] + 1
                self.stage.station("Light bulb", f"at line {line}, and the lens above the function")
                self.stage.choices(titles)
                await self.lens(session, line)
                return

    async def lens(self, session: Session, line: int) -> None:
        """The line that an editor shows above the function around a line."""
        lenses = await session.request("textDocument/codeLens", {"textDocument": {"uri": self.uri}})
        above = [one for one in lenses or () if one["range"]["start"]["line"] < line]
        if above:
            nearest = max(above, key=lambda one: one["range"]["start"]["line"])
            self.stage.blank()
            self.stage.say(f"  {nearest['command']['title']}", "cyan")
            at = nearest["range"]["start"]["line"]
            self.stage.say(f"  {self.lines[at]}")

    async def answer(self, session: Session) -> None:
        """The expert's answer, as it streams into the editor."""
        first, last = self.function_around(self.place(QUERY)["line"])
        self.stage.station("Ask the expert", "“Explain this code”, answered offline and streamed")
        growing = self.stage.growing()
        shown = 0

        async def grow() -> None:
            nonlocal shown
            opened = session.told["window/showDocument"]
            if opened:
                uri = {"uri": opened[-1]["uri"]}
                text = (await session.request("workspace/textDocumentContent", uri))["text"]
                growing.add(text[shown:])
                shown = max(shown, len(text))

        asking = asyncio.ensure_future(self.ask(session, "explain", first, last))
        while not asking.done():
            await asyncio.wait([asking], timeout=0.02)
            await grow()
        growing.add((await asking)["text"][shown:])
        growing.end()
        self.stage.blank()

    async def rewrite(self, session: Session, found: list[dict[str, Any]]) -> None:
        """A rewrite whose edit was applied in memory, parsed and checked again beforehand."""
        self.edits.clear()
        await self.ask(session, "rewrite", 0, len(self.lines) - 1)
        self.stage.station(
            "Let it rewrite", "“Rewrite this code”: parsed and checked again before it is proposed"
        )
        if not self.edits:
            self.stage.say("There was nothing that it could prove.")
            return
        after = self.applied(self.edits[-1])
        diff = difflib.unified_diff(self.lines, after.split("\n"), lineterm="", n=1)
        self.stage.diff(list(diff)[2:])
        self.version += 1
        session.change(self.uri, self.version, {"text": after})
        left = (await session.pull(self.uri))["items"]
        self.stage.blank()
        words = f"{len(found)} findings before, {len(left)} after, none of them new"
        self.stage.say(words, "bold green")

    # -- small things -----------------------------------------------------------------------------

    async def ask(self, session: Session, task: str, first: int, last: int) -> dict[str, Any]:
        """Asks the expert about some lines, as the light bulb does."""
        place = {
            "start": {"line": first, "character": 0},
            "end": {"line": last, "character": len(self.lines[last])},
        }
        argument = {"uri": self.uri, "task": task, "range": place}
        params = {"command": "backendExpert.ask", "arguments": [argument]}
        return await session.request("workspace/executeCommand", params)

    def function_around(self, line: int) -> tuple[int, int]:
        """The first and the last line of the top-level function around a line."""
        first = next(at for at in range(line, -1, -1) if self.lines[at].startswith(("@", "def ")))
        while first and self.lines[first - 1].startswith("@"):
            first -= 1
        below = range(line, len(self.lines))
        last = next((at - 1 for at in below if self.lines[at][:1].strip()), len(self.lines) - 1)
        while not self.lines[last].strip():
            last -= 1
        return first, last

    def place(self, words: str) -> dict[str, int]:
        """The position of some words in the file."""
        before = self.text[: self.text.index(words)]
        line = before.count("\n")
        return {"line": line, "character": len(before) - before.rfind("\n") - 1}

    def take_edit(self, params: dict[str, Any]) -> dict[str, bool]:
        """Says yes to an edit, as a person would."""
        self.edits.append(params["edit"])
        return {"applied": True}

    def applied(self, edit: dict[str, Any]) -> str:
        """The file's text after a workspace edit."""
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line) + 1)

        def offset(place: dict[str, int]) -> int:
            return starts[place["line"]] + place["character"]

        text = self.text
        changes = [change for file in edit["documentChanges"] for change in file["edits"]]
        changes.sort(key=lambda change: offset(change["range"]["start"]), reverse=True)
        for change in changes:
            start, end = offset(change["range"]["start"]), offset(change["range"]["end"])
            text = text[:start] + change["newText"] + text[end:]
        return text
