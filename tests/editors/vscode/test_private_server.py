"""A machine without the server: after a yes it gets one of the extension's own, index or none."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.editors import answers
from tests.editors.vscode.conftest import EXTENSION
from tests.editors.vscode.window import FINDING, agree, messages, status
from tests.editors.web.browsing import window
from tests.editors.web.serving import CodeServer, serving
from tests.support.tools import ROOT

OFFER = "the language server is not installed yet"
# No index: what was said before this file, by the machine or its person, counts no more.
NOWHERE = """[global]
index-url = http://127.0.0.1:9/simple
extra-index-url =
find-links = {find_links}
retries = 1
timeout = 2
"""
INSTALLATION = 180_000  # milliseconds


@pytest.fixture(scope="module")
def offline(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The extension with all wheels in it, built after the one that has none."""
    assert vsix.exists()
    subprocess.run(["make", "vsix-offline"], cwd=ROOT, check=True, timeout=600)
    made = tmp_path_factory.mktemp("offline") / "backend-expert.vsix"
    shutil.copy(EXTENSION / "dist" / "backend-expert.vsix", made)
    yield made
    shutil.rmtree(EXTENSION / "wheels")


@pytest.fixture
def pip(tmp_path: Path) -> Path:
    """pip's configuration, which the test may write anew."""
    path = tmp_path / "pip.conf"
    path.write_text(NOWHERE.format(find_links=""), "utf-8")
    return path


def bare(
    code_server: Path, home: Path, vsix: Path, pip: Path
) -> AbstractContextManager[CodeServer]:
    """code-server with the extension in a fresh profile; nothing says where a server is."""
    around = {"PIP_CONFIG_FILE": str(pip), "PIP_FIND_LINKS": "", "PATH": "/usr/bin:/bin"}
    return serving(code_server, home, vsix, environment=around)


def test_what_came_with_the_extension_is_enough(
    browser: Browser, code_server: Path, offline: Path, shop: Path, pip: Path, tmp_path: Path
) -> None:
    with bare(code_server, tmp_path / "home", offline, pip) as code:
        page = window(browser, code.page(shop, [("openFile", code.remote(shop / answers.FILE))]))
        expect(messages(page)).to_contain_text(OFFER)
        agree(page, "Install")
        page.wait_for_selector(FINDING, timeout=INSTALLATION)
        status(page, "from the extension's own environment")


def test_an_index_that_fails_is_told_and_may_be_tried_again(
    browser: Browser,
    code_server: Path,
    vsix: Path,
    offline: Path,
    shop: Path,
    pip: Path,
    tmp_path: Path,
) -> None:
    with bare(code_server, tmp_path / "home", vsix, pip) as code:
        page = window(browser, code.page(shop, [("openFile", code.remote(shop / answers.FILE))]))
        agree(page, "Install")
        expect(messages(page).last).to_contain_text(
            "The package index could not be reached", timeout=INSTALLATION
        )
        pip.write_text(NOWHERE.format(find_links=EXTENSION / "wheels"), "utf-8")
        agree(page, "Try Again")
        page.wait_for_selector(FINDING, timeout=INSTALLATION)
        status(page, "from the extension's own environment")
