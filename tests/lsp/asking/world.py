"""A world to ask in: a project, a user with a key, a server of the Messages API, and an editor."""

import asyncio
import re
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.support.editor import Editor
from tests.support.messages_api import MessagesApi, Recorded, answer, calls
from tests.support.messages_api.script import Answer, Step

KEY = "sk-ant-api03-Zk3vQm81xTrWbNf6LsYp02HdJcEa9uGo"
TOKEN = "ghp_" + "aZ3kQ9mT7xRw2LpVb8NcYd4HsFg6JuEo1KiX"
CONSENT = "Send what I ask about"
YES = "window/showMessageRequest"
ANSWERS = "backendExpert/answer"
SERVICE = f'''"""Orders."""

import sqlite3

import requests
from flask import Flask, request

app = Flask(__name__)
connection = sqlite3.connect("shop.db")


def rate():
    """Today's rate."""
    token = "{TOKEN}"
    return requests.get("https://rates.example", headers={{"X-Token": token}}).json()


@app.get("/orders")
def order():
    row = connection.execute("SELECT id FROM orders WHERE status = ?", (request.args["status"],))
    return {{"id": row.fetchone()[0]}}


def total(one, other):
    return one + other
'''
RATE = '    return requests.get("https://rates.example", headers={"X-Token": token}).json()\n'
QUICK = RATE.replace("token})", "token}, timeout=5)")
QUERY = SERVICE.splitlines(keepends=True)[19]
INJECTED = (
    '    row = connection.execute(f"SELECT id FROM orders WHERE status = '
    "'{request.args['status']}'\")\n"
)
NO_TIMEOUT = "errors/http-call-no-timeout"
# Each client, and what it can beside what its name says.
CLIENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "virtual": ("virtual", {}),
    "neovim": ("neovim", {}),
    "own view": ("virtual", {"experimental": {"backendExpert": {"answers": True}}}),
}


class World:
    """All that a test speaks with. `folder` has the project; `home` what the user has."""

    def __init__(self, api: MessagesApi, editor: Editor, client: str, base: Path) -> None:
        self.api = api
        self.editor = editor
        self.client = client
        self.folder = base / "project"
        self.home = base / "home"
        self.log = base / "stderr"
        self.results: list[Any] = []

    @property
    def told(self) -> dict[str, list[Any]]:
        """What the server has told the editor."""
        return self.editor.session.told

    def consents(self, choice: str | None = CONSENT, applies: str = "Apply") -> None:
        """How the person answers when asked."""

        def answered(params: Any) -> Any:
            titles = [action["title"] for action in params["actions"]]
            title = choice if CONSENT in titles else applies
            return {"title": title} if title else None

        self.editor.session.answers[YES] = answered

    def open(self, text: str = SERVICE, name: str = "service.py") -> str:
        """A file of the project, written and opened."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if path.as_uri() in self.editor.texts:
            self.editor.close(path.as_uri())
        return self.editor.open_file(path)

    async def ask(self, task: str, uri: str, place: str = RATE, **more: Any) -> Any:
        """The expert's answer about a place."""
        range = self.editor.range(uri, place) if place else None
        result = await self.editor.ask(task, uri, range, workDoneToken="bar", **more)
        self.results.append(result)
        return result

    def asked(self, task: str, uri: str, place: str = RATE, **more: Any) -> tuple[int, Any]:
        """A question under way: the request's id and the answer to come."""
        request = {"uri": uri, "task": task, "range": self.editor.range(uri, place)}
        params = {"command": "backendExpert.ask", "arguments": [request], **more}
        return self.editor.session.ask("workspace/executeCommand", params)

    async def command(self, name: str, **argument: Any) -> Any:
        """The result of one of our commands."""
        params = {"command": f"backendExpert.{name}", "arguments": [argument]}
        return await self.editor.session.request("workspace/executeCommand", params, 90)

    def bar(self) -> list[Any]:
        """What the progress bars have shown."""
        return [told["value"] for told in self.told["$/progress"]]

    def messages(self) -> list[str]:
        """What the person was told in messages."""
        return [told["message"] for told in self.told["window/showMessage"]]

    def parts(self, kind: str) -> list[Any]:
        """The notifications of one kind, for a client that shows answers itself."""
        return [told for told in self.told[ANSWERS] if told["kind"] == kind]

    async def sent(self, number: int = 1) -> list[Recorded]:
        """The requests for messages, once there are so many; the first waits for the library."""
        return await asyncio.to_thread(self.api.wait_for, number, 60)

    async def applied(self, result: Any) -> int:
        """How many edits were made, in a view of the client's own after its person's yes."""
        if self.client != "own view":
            return result["applied"]
        if not self.parts("proposal"):
            return 0
        return int(await self.command("apply", id=result["id"]))

    def everything(self) -> Iterable[tuple[str, str]]:
        """All that is written, logged or told anywhere, by where it is."""
        yield "the log", self.log.read_text("utf-8", "replace")
        yield "what the editor was told", repr(dict(self.told))
        yield "the answers", repr(self.results)
        for path in self.home.rglob("*"):
            if path.is_file():
                yield str(path), path.read_text("utf-8", "replace")


@asynccontextmanager
async def world(
    client: str,
    base: Path,
    api: MessagesApi,
    *,
    environment: dict[str, str] | None = None,
    own: str = "",
    capabilities: dict[str, Any] | None = None,
    **more: Any,
) -> AsyncGenerator[World]:
    """The real server, started by a client for a user whose model is `api`.

    own: the user's own settings file. environment: beside the user's folders and the key.
    """
    name, can = CLIENTS[client]
    (base / "project").mkdir(parents=True, exist_ok=True)
    (base / "project" / "pyproject.toml").touch()
    (base / "home" / "config" / "backend-expert").mkdir(parents=True, exist_ok=True)
    (base / "home" / "config" / "backend-expert" / "settings.toml").write_text(own)
    (base / "home" / "tmp").mkdir(exist_ok=True)
    folders = {f"XDG_{kind}_HOME": kind.lower() for kind in ("CONFIG", "STATE", "CACHE", "DATA")}
    variables = {name: str(base / "home" / folder) for name, folder in folders.items()}
    variables |= {"TMPDIR": str(base / "home" / "tmp"), "PYTHONWARNINGS": "default"}
    variables |= {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": api.url}
    with (base / "stderr").open("wb") as log:
        async with Editor.start(
            name,
            base / "project",
            more={**can, **(capabilities or {})},
            env={**variables, **(environment or {})},
            stderr=log.fileno(),
            **more,
        ) as editor:
            found = World(api, editor, client, base)
            found.consents()
            yield found


# -- what the model says ----------------------------------------------------------------------------


def proposes(*steps: Step, edits: list[dict[str, Any]], title: str = "Wait 5 seconds") -> Answer:
    """An answer with edits after its text."""
    return answer(*steps, calls("propose_edits", {"title": title, "edits": edits}))


def edit(old: str, new: str, mends: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    """An edit of the service."""
    first = SERVICE[: SERVICE.index(old)].count("\n") + 1
    last = first + old.count("\n") - 1
    return {
        "file": "service.py",
        "first_line": first,
        "last_line": last,
        "old": old,
        "new": new,
        "mends": list(mends),
        **more,
    }


def placeholder(body: Any) -> str:
    """The placeholder in a request."""
    found = re.search(r"BACKEND_EXPERT_SECRET_1_\w{4}(?!\w)", repr(body["messages"]))
    assert found, "no secret was kept back"
    return found[0]


def texts(recorded: Recorded) -> str:
    """All texts of a request, system first."""
    body = recorded.json
    blocks = [*body.get("system", ())]
    for turn in body["messages"]:
        blocks += turn["content"]
    return "\n".join(block["text"] for block in blocks)


async def answer_begun(here: World) -> str:
    """The URI of the document that an answer is shown in, once it has begun; empty for none."""
    if here.client == "own view":
        await here.editor.session.until(lambda: here.parts("text"))
        return ""
    shown = await here.editor.session.until(lambda: here.told["window/showDocument"])
    return shown[-1]["uri"]
