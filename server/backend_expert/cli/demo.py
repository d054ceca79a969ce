"""`backend-expert demo`: the real server over stdio, driven as by an editor."""

import asyncio
import difflib
import sys
import time
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markdown import Markdown
from rich.rule import Rule
from rich.syntax import Syntax
from rich.text import Text

from backend_expert.cli.excerpt import excerpt
from backend_expert.lsp.client import Session

CAPABILITIES: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-32", "utf-16"]},
    "window": {"showDocument": {"support": True}, "workDoneProgress": True},
    "workspace": {
        "applyEdit": True,
        "workspaceEdit": {"documentChanges": True},
        "textDocumentContent": {},
    },
    "textDocument": {
        "diagnostic": {"relatedDocumentSupport": False},
        "publishDiagnostics": {"relatedInformation": True},
        "hover": {"contentFormat": ["markdown"]},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}},
            "isPreferredSupport": True,
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
    },
}
COLOURS = {1: "bold red", 2: "yellow", 3: "cyan", 4: "dim"}
WORDS = {1: "error", 2: "warning", 3: "information", 4: "hint"}
# What is shown, as long as the backend has it: a file, the text to point at, and where it matters.
FILE = "api/shop/routers/products.py"
QUERY = "SELECT sku, name"


@click.command()
@click.argument("folder", default="examples/shop", type=click.Path(path_type=Path))
def demo(folder: Path) -> None:
    """See the server at work: diagnostics, a hover, the light bulb, an answer, a proved edit.

    FOLDER is a backend to show it on; the project's own small shop when none is named.
    """
    path = (folder / FILE).resolve()
    if not path.is_file():
        click.echo(f"There is no {folder / FILE}; run this in the project's own folder.", err=True)
        sys.exit(2)
    asyncio.run(Tour(folder.resolve(), path).run())


class Tour:
    """One session with the server and what it prints."""

    def __init__(self, root: Path, path: Path) -> None:
        self.root = root
        self.path = path
        self.uri = path.as_uri()
        self.text = path.read_text("utf-8")
        self.console = Console(highlight=False)
        self.console.width = min(self.console.width, 110)
        self.edit: dict[str, Any] | None = None
        self.shown = 0

    async def run(self) -> None:
        """The whole tour, in the order in which a person meets these things."""
        self.say("Backend Expert", f"the language server, driven over stdio through {FILE}")
        started = time.perf_counter()
        async with Session.start() as session:
            session.answers["workspace/applyEdit"] = self.take_edit
            await session.initialize(CAPABILITIES, [self.root.as_uri()])
            session.open(self.uri, self.text)
            found = (await session.pull(self.uri))["items"]
            spent = (time.perf_counter() - started) * 1000
            self.diagnostics(found, spent)
            await self.hover(session)
            await self.actions(session, found)
            await self.answer(session)
            await self.rewrite(session, found)
            await session.shutdown()
        self.say("That is all", "`backend-expert check examples/shop` shows the rest of the shop")

    def say(self, title: str, words: str) -> None:
        """A heading."""
        self.console.print()
        self.console.print(Rule(Text(f" {title} ", style="bold cyan"), align="left", style="cyan"))
        self.console.print(Text(words, style="dim"))
        self.console.print()

    # -- the stations -----------------------------------------------------------------------------

    def diagnostics(self, found: list[dict[str, Any]], spent: float) -> None:
        """The squiggles."""
        self.say(
            "Diagnostics",
            f"{len(found)} findings, {spent:.0f} ms after the process was started "
            "(no database, no key, no set-up)",
        )
        lines = self.text.split("\n")
        for one in found:
            start, end = one["range"]["start"], one["range"]["end"]
            line = lines[start["line"]]
            last = end["character"] if end["line"] == start["line"] else len(line)
            shown = excerpt(line, start["character"], last, 96)
            colour = COLOURS[one["severity"]]
            head = Text.assemble(
                (f"{start['line'] + 1}:{start['character'] + 1} ", "bold"),
                (f"{WORDS[one['severity']]} ", colour),
                one["message"],
                (f"  {one['code']}", "dim"),
            )
            self.console.print(head)
            self.console.print(Text(f"  │ {shown.line}"))
            self.console.print(Text(f"  │ {shown.carets}", style=colour))
            for related in one.get("relatedInformation", ()):
                at = related["location"]["range"]["start"]["line"] + 1
                self.console.print(Text(f"  └ line {at}: {related['message']}", style="dim"))
            self.console.print()

    async def hover(self, session: Session) -> None:
        """What a query does, in words."""
        place = self.place(QUERY)
        found = await session.request(
            "textDocument/hover", {"textDocument": {"uri": self.uri}, "position": place}
        )
        self.say("Hover", f"on the query in line {place['line'] + 1}")
        if found:
            self.console.print(Markdown(found["contents"]["value"]))

    async def actions(self, session: Session, found: list[dict[str, Any]]) -> None:
        """The light bulb."""
        if not found:
            return
        worst = min(found, key=lambda one: one["severity"])
        offered = await session.request(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": self.uri},
                "range": worst["range"],
                "context": {"diagnostics": [worst]},
            },
        )
        self.say("Light bulb", f"in line {worst['range']['start']['line'] + 1}")
        for one in offered:
            mark = "★" if one.get("isPreferred") else "•"
            self.console.print(Text.assemble((f" {mark} ", "yellow"), one["title"]))

    async def answer(self, session: Session) -> None:
        """The expert's answer, as it streams into the editor."""
        place = self.place(QUERY)
        self.say("Ask backend expert: explain this code", "streamed, and answered offline")
        uri = ""

        async def grown() -> None:
            nonlocal uri
            opened = session.told["window/showDocument"]
            uri = uri or (opened[-1]["uri"] if opened else "")
            if uri:
                content = await session.request("workspace/textDocumentContent", {"uri": uri})
                self.stream(content["text"])

        asking = asyncio.ensure_future(self.ask(session, "explain", place["line"] - 8, 18))
        while not asking.done():
            await asyncio.wait([asking], timeout=0.05)
            await grown()
        result = await asking
        self.stream(result["text"])
        self.console.print()

    async def rewrite(self, session: Session, found: list[dict[str, Any]]) -> None:
        """A rewrite whose edit was applied in memory, parsed and checked again beforehand."""
        self.say(
            "Ask backend expert: rewrite this code",
            "each edit was parsed and checked again before it is proposed",
        )
        await self.ask(session, "rewrite", 0, len(self.text.split("\n")))
        if self.edit is None:
            self.console.print("There was nothing that it could prove.")
            return
        after = self.applied(self.edit)
        diff = difflib.unified_diff(
            self.text.splitlines(), after.splitlines(), f"a/{FILE}", f"b/{FILE}", "", "", 2, ""
        )
        syntax = Syntax("\n".join(diff), "diff", theme="ansi_dark", background_color="default")
        self.console.print(syntax)
        session.change(self.uri, 2, {"text": after})
        left = (await session.pull(self.uri))["items"]
        words = f"{len(found)} findings before, {len(left)} after, none of them new"
        self.console.print(Text(f"\n{words}", style="green"))

    # -- small things -----------------------------------------------------------------------------

    async def ask(self, session: Session, task: str, line: int, lines: int) -> dict[str, Any]:
        """Asks the expert about some lines, as the light bulb does."""
        last = min(line + lines, len(self.text.split("\n")) - 1)
        place = {
            "start": {"line": max(line, 0), "character": 0},
            "end": {"line": last, "character": 0},
        }
        argument = {"uri": self.uri, "task": task, "range": place}
        params = {"command": "backendExpert.ask", "arguments": [argument]}
        return await session.request("workspace/executeCommand", params)

    def stream(self, text: str) -> None:
        """Prints what a growing answer has got more."""
        head, tail = text[self.shown :].rpartition("\n\n")[::2]
        part = head if head else ""
        if tail and text.endswith("\n"):
            part = text[self.shown :]
        if part.strip():
            self.console.print(Markdown(part))
            self.shown += len(part)

    def place(self, words: str) -> dict[str, int]:
        """The position of some words in the file."""
        before = self.text[: self.text.index(words)]
        line = before.count("\n")
        return {"line": line, "character": len(before) - before.rfind("\n") - 1 + 2}

    def take_edit(self, params: dict[str, Any]) -> dict[str, bool]:
        """Says yes to an edit, as a person would."""
        self.edit = params["edit"]
        return {"applied": True}

    def applied(self, edit: dict[str, Any]) -> str:
        """The file's text after a workspace edit."""
        starts = [0]
        for line in self.text.split("\n"):
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
