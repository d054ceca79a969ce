"""A workspace that is not trusted is checked, but no model is asked; a yes changes that at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.editors import answers
from tests.editors.vscode.conftest import prepared
from tests.editors.vscode.window import FINDING, agree, light_bulb, messages, run, show, view
from tests.editors.web.browsing import window
from tests.editors.web.serving import CodeServer, serving
from tests.support.messages_api import MessagesApi, answer

REVIEW = "Ask backend expert: review"


@pytest.fixture
def code(
    code_server: Path, vsix: Path, server: Path, model: MessagesApi, tmp_path: Path
) -> Iterator[CodeServer]:
    """code-server whose user has set up a model, and trusts nothing unasked."""
    chosen = {"model.provider": "anthropic", "model.baseUrl": model.url}
    home = prepared(tmp_path / "home", {"server.path": str(server), **chosen})
    with serving(code_server, home, vsix, trust=False) as started:
        yield started


def test_trust(browser: Browser, code: CodeServer, shop: Path, model: MessagesApi) -> None:
    model.script(answer("All is well.\n"))
    file = ("openFile", code.remote(shop / f"{answers.FILE}:27:17"))
    page = window(browser, code.page(shop, [file, ("gotoLineMode", "true")]))
    page.locator(".monaco-dialog-box .monaco-button", has_text="No, I don't trust").click()
    page.wait_for_selector(FINDING)
    light_bulb(page, REVIEW)
    shown = view(page, "#answers").locator("article")
    expect(shown.locator(".body")).to_contain_text("the editor does not trust this workspace")
    run(page, "Backend Expert: Select Model")
    expect(messages(page)).to_contain_text("in a workspace that is not trusted no model is used")
    assert model.requests == []

    run(page, "Workspaces: Manage Workspace Trust")
    page.locator(".workspace-trust-editor .monaco-button", has_text="Trust").first.click()
    show(page, "notify.py")
    light_bulb(page, REVIEW)
    agree(page, "Send what I ask about")
    expect(shown.last.locator(".body")).to_contain_text("All is well.")
