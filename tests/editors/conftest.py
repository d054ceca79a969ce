"""What every editor gets: itself, installed; a shop of its own; this repository's server."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.editors import answers, figures
from tests.editors.install import chromium as chromium_of
from tests.editors.install import code_server as code_server_of
from tests.editors.install import emacs as emacs_of
from tests.editors.install import helix as helix_of
from tests.editors.install import neovim as neovim_of
from tests.editors.install import store
from tests.editors.install import tmux as tmux_of
from tests.support.editor import SHOP
from tests.support.messages_api import MessagesApi

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def _installed(install: Callable[[], Path]) -> Path:
    """An editor. Where we may not install, its tests are skipped; elsewhere it must be there."""
    try:
        return install()
    except store.Unfit as reason:
        pytest.skip(str(reason))
    except store.Unavailable as reason:
        pytest.fail(f"an editor could not be installed: {reason}", pytrace=False)


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator["Browser"]:
    """One browser for all: its driver allows no second one in a process."""
    from tests.editors.web.browsing import browsing

    with browsing(chromium) as started:
        yield started


@pytest.fixture(scope="session")
def neovim() -> Path:
    """The program of Neovim."""
    return _installed(neovim_of.install)


@pytest.fixture(scope="session")
def oldest_neovim() -> Path:
    """The program of the oldest Neovim that the plugin works in."""
    return _installed(partial(neovim_of.install, neovim_of.OLDEST))


@pytest.fixture(scope="session")
def emacs() -> Path:
    """The program of Emacs."""
    return _installed(emacs_of.install)


@pytest.fixture(scope="session")
def helix() -> Path:
    """The program of Helix."""
    return _installed(helix_of.install)


@pytest.fixture(scope="session")
def tmux() -> Path:
    """The program of tmux."""
    return _installed(tmux_of.install)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The program of Chromium."""
    return _installed(chromium_of.install)


@pytest.fixture(scope="session")
def code_server() -> Path:
    """The script of code-server."""
    return _installed(code_server_of.install)


@pytest.fixture(scope="session")
def server() -> Path:
    """The server's program, of the environment that runs the tests."""
    return Path(sys.executable).parent / "backend-expert"


@pytest.fixture
def api() -> Iterator[MessagesApi]:
    """The model that answers the editors."""
    with MessagesApi() as started:
        answers.teach(started)
        yield started


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A shop that may be edited, under git."""
    folder = tmp_path / "shop"
    shutil.copytree(SHOP, folder, ignore=shutil.ignore_patterns("node_modules", ".venv"))
    identity = ("-c", "user.name=Shop", "-c", "user.email=shop@localhost")
    for words in (("init", "-q"), ("add", "."), (*identity, "commit", "-qm", "The shop")):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures that the tests measured, under the results."""
    figures.show(terminalreporter.write_line)
