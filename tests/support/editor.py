"""An editor as small as can be: it keeps the texts, makes the edits, and counts in its own units."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from backend_expert.lsp.client import Session

from tests.support import clients

SHOP = Path(__file__).parents[2] / "examples" / "shop"
LANGUAGES = {".py": "python", ".js": "javascript", ".ts": "typescript", ".sql": "sql"}
CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}

Json = dict[str, Any]


class Editor:
    """A session with the real server; `texts` and `versions` are those of the open buffers."""

    def __init__(self, session: Session, name: str) -> None:
        self.session = session
        self.name = name
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.pulls = False
        self.encoding = "utf-16"

    @classmethod
    @asynccontextmanager
    async def start(
        cls,
        name: str,
        *roots: Path,
        more: Json | None = None,
        settings: Any = None,
        options: Json | None = None,
        **process: Any,
    ) -> AsyncGenerator["Editor"]:
        """The real server, started by the editor called `name` (see `clients`), `more` it can.

        settings: what it answers for its configuration. options: its start options.
        """
        async with Session.start(**process) as session:
            editor = cls(session, name)
            if settings is not None:
                session.answers["workspace/configuration"] = settings
            session.answers["workspace/applyEdit"] = editor.asked_to_apply
            capabilities = clients.extended(clients.ALL[name](), more or {})
            uris = [root.as_uri() for root in roots]
            offer = await session.initialize(capabilities, uris, initializationOptions=options)
            editor.pulls = "diagnosticProvider" in offer
            editor.encoding = offer["positionEncoding"]
            yield editor

    # -- buffers ----------------------------------------------------------------------------------

    def open(self, uri: str, text: str, language: str = "python") -> str:
        """Opens a buffer."""
        self.texts[uri], self.versions[uri] = text, 1
        pushes = self.session.told["textDocument/publishDiagnostics"]
        pushes[:] = [push for push in pushes if push["uri"] != uri]  # of an earlier life
        self.session.open(uri, text, language)
        return uri

    def open_file(self, path: Path) -> str:
        """Opens a file."""
        text = path.read_text("utf-8")
        return self.open(path.as_uri(), text, LANGUAGES.get(path.suffix, "plaintext"))

    def close(self, uri: str) -> None:
        """Closes a buffer."""
        self.session.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        del self.texts[uri], self.versions[uri]

    def rewrite(self, uri: str, text: str) -> None:
        """Gives a buffer another text."""
        self.texts[uri] = text
        self.versions[uri] += 1
        self.session.change(uri, self.versions[uri], {"text": text})

    # -- places -----------------------------------------------------------------------------------

    def position(self, uri: str, offset: int) -> Json:
        """An offset in the units of this client."""
        before = self.texts[uri][:offset]
        line = before.count("\n")
        codec, size = CODECS[self.encoding]
        column = len(before[before.rfind("\n") + 1 :].encode(codec)) // size
        return {"line": line, "character": column}

    def range(self, uri: str, text: str, after: str = "") -> Json:
        """Where `text` stands, first after where `after` does."""
        whole = self.texts[uri]
        start = whole.index(text, whole.index(after) + len(after) if after else 0)
        end = self.position(uri, start + len(text))
        return {"start": self.position(uri, start), "end": end}

    def offset(self, uri: str, position: Json) -> int:
        """A position as an offset."""
        lines = self.texts[uri].split("\n")
        codec, size = CODECS[self.encoding]
        units = lines[position["line"]].encode(codec)[: position["character"] * size]
        before = sum(len(line) + 1 for line in lines[: position["line"]])
        return before + len(units.decode(codec))

    # -- asking -----------------------------------------------------------------------------------

    async def findings(self, uri: str, rule: str = "") -> list[Json]:
        """The diagnostics of a buffer (of one rule), pulled or pushed."""
        if self.pulls:
            items = (await self.session.pull(uri))["items"]
        else:
            items = await self.session.pushed(uri, self.versions[uri])
        return [item for item in items if not rule or item["code"] == rule]

    async def hover(self, uri: str, text: str, after: str = "") -> Json | None:
        """The hover at the start of a text."""
        place = {"textDocument": {"uri": uri}, "position": self.range(uri, text, after)["start"]}
        return await self.session.request("textDocument/hover", place)

    async def actions(
        self, uri: str, range: Json, *only: str, told: Any = (), trigger: int = 0
    ) -> list[Json]:
        """The light bulb's entries. trigger: 1 when a person wants them, 2 for a moved cursor."""
        context: Json = {"diagnostics": list(told)} | ({"only": list(only)} if only else {})
        context |= {"triggerKind": trigger} if trigger else {}
        params = {"textDocument": {"uri": uri}, "range": range, "context": context}
        return await self.session.request("textDocument/codeAction", params)

    async def choose(self, action: Json) -> None:
        """Makes an action's edits, fetched first if it has none yet."""
        if "edit" not in action:
            assert action["data"]
            action = await self.session.request("codeAction/resolve", action)
        assert self.apply(action["edit"])

    async def ask(
        self, task: str, uri: str, range: Json | None = None, words: str = "", **more: Any
    ) -> Json:
        """The expert's answer; the first one of a session reads the model's library."""
        request = {"uri": uri, "task": task, "words": words} | ({"range": range} if range else {})
        params = {"command": "backendExpert.ask", "arguments": [request], **more}
        return await self.session.request("workspace/executeCommand", params, 90)

    async def shown(self, uri: str) -> list[str]:
        """The titles of the code lenses."""
        params = {"textDocument": {"uri": uri}}
        lenses = await self.session.request("textDocument/codeLens", params)
        return [lens["command"]["title"] for lens in lenses]

    # -- edits ------------------------------------------------------------------------------------

    def apply(self, edit: Json) -> bool:
        """Makes a workspace edit, unless it is meant for another version of a buffer."""
        changes = [
            (change["textDocument"]["uri"], change["textDocument"]["version"], change["edits"])
            for change in edit.get("documentChanges", ())
        ]
        changes += [
            (uri, self.versions[uri], edits) for uri, edits in edit.get("changes", {}).items()
        ]
        if any(self.versions.get(uri) != version for uri, version, _ in changes):
            return False
        for uri, _, edits in changes:
            text = self.texts[uri]
            places = [
                (self.offset(uri, e["range"]["start"]), self.offset(uri, e["range"]["end"]), e)
                for e in edits
            ]
            for start, end, one in sorted(places, key=lambda place: place[:2], reverse=True):
                text = text[:start] + one["newText"] + text[end:]
            self.rewrite(uri, text)
        return True

    def asked_to_apply(self, params: Json) -> Json:
        """The answer to `workspace/applyEdit`."""
        return {"applied": self.apply(params["edit"])}
