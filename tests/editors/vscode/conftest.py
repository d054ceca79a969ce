"""The extension, built and packaged; a browser; code-server with it and our server."""

import json
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.editors.web.serving import CodeServer, serving
from tests.support.messages_api import MessagesApi
from tests.support.tools import ROOT

EXTENSION = ROOT / "clients" / "vscode"
LARGEST = 300_000


@pytest.fixture(scope="session")
def vsix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged extension, which is small and has passed the packager's checks.

    The server comes along in it, but not what that needs.
    """
    if shutil.which("npm") is None:
        pytest.fail("VS Code's tests need Node")
    done = subprocess.run(
        ["make", "vsix"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    made = EXTENSION / "dist" / "backend-expert.vsix"
    with zipfile.ZipFile(made) as archive:
        parts = [part for part in archive.infolist() if not part.filename.endswith(".whl")]
    assert sum(part.compress_size for part in parts) < LARGEST
    return Path(shutil.copy(made, tmp_path_factory.mktemp("vsix")))


@pytest.fixture(autouse=True)
def closing(browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """Closes a test's windows, whose servers would go on working beside the next test.

    Of a test that failed, pictures of its windows are left in its folder.
    """
    failed = request.session.testsfailed
    yield
    for context in browser.contexts:
        if request.session.testsfailed > failed:
            for number, page in enumerate(context.pages):
                page.screenshot(path=tmp_path / f"failed-{number}.png")
        context.close()


def prepared(home: Path, settings: dict[str, Any]) -> Path:
    """A home of code-server with machine settings, which are those of the extension host.

    An extension host has the environment of a login shell, whatever code-server was started with;
    so our server's path is one of them.
    """
    machine = home / "data" / "Machine"
    machine.mkdir(parents=True)
    mine = {f"backendExpert.{name}": value for name, value in settings.items()}
    (machine / "settings.json").write_text(json.dumps(mine), "utf-8")
    return home


@pytest.fixture(scope="session")
def stand_in() -> Iterator[MessagesApi]:
    """The model of a user who has one."""
    with MessagesApi() as started:
        yield started


@pytest.fixture
def model(stand_in: MessagesApi) -> MessagesApi:
    """The same, which has heard nothing and knows no answers yet."""
    stand_in.forget()
    return stand_in


@pytest.fixture(scope="session")
def asking(
    code_server: Path,
    vsix: Path,
    server: Path,
    stand_in: MessagesApi,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[CodeServer]:
    """code-server with the extension, whose user has set up the model."""
    chosen = {"model.provider": "anthropic", "model.baseUrl": stand_in.url}
    settings = {"server.path": str(server), **chosen}
    with serving(code_server, prepared(tmp_path_factory.mktemp("code"), settings), vsix) as started:
        yield started
