"""The first minute: the walkthrough, and a server of another age that is told of kindly."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.editors import answers
from tests.editors.vscode.conftest import prepared
from tests.editors.vscode.window import FINDING, messages, pick, run
from tests.editors.web.browsing import window
from tests.editors.web.serving import CodeServer, serving

LATER = """#!{python}
import backend_expert
backend_expert.__version__ = "9.1.0"
from backend_expert.cli.main import main
raise SystemExit(main())
"""


@pytest.fixture
def later(code_server: Path, vsix: Path, server: Path, tmp_path: Path) -> Iterator[CodeServer]:
    """code-server whose server says that it is of a later version."""
    python = server.parent / "python"
    program = tmp_path / "backend-expert"
    program.write_text(LATER.format(python=python), "utf-8")
    program.chmod(0o755)
    home = prepared(tmp_path / "home", {"server.path": str(program)})
    with serving(code_server, home, vsix) as started:
        yield started


def test_another_version_is_told_and_works(browser: Browser, later: CodeServer, shop: Path) -> None:
    file = ("openFile", later.remote(shop / answers.FILE))
    page = window(browser, later.page(shop, [file]))
    expect(messages(page)).to_contain_text(
        "The server is version 9.1.0, newer than this extension (0.1.0). Findings work; "
        "to have all commands, update the extension."
    )
    page.wait_for_selector(FINDING)
    run(page, "Welcome: Open Walkthrough...")
    pick(page, "Get started with Backend Expert")
    steps = page.locator(".gettingStartedContainer .getting-started-step")
    expect(steps.first).to_contain_text("Start the server")
    done = page.locator(".codicon.complete")
    expect(steps.filter(has=done)).to_have_count(1)
    expect(steps.first.locator(done)).to_have_count(1)
