"""A model is selected and its key given in the window: it is used, and is in no settings."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.editors import answers
from tests.editors.vscode.conftest import prepared
from tests.editors.vscode.window import (
    agree,
    light_bulb,
    messages,
    opened,
    pick,
    restarted,
    run,
    type_in,
    view,
)
from tests.editors.web.serving import CodeServer, serving
from tests.support.messages_api import MessagesApi, answer

NOTIFY = f"{answers.FILE}:27:17"
KEY = "sk-ant-typed-by-a-person"


@pytest.fixture
def code(code_server: Path, vsix: Path, server: Path, tmp_path: Path) -> Iterator[CodeServer]:
    """code-server whose user has set up no model yet."""
    home = prepared(tmp_path / "home", {"server.path": str(server)})
    with serving(code_server, home, vsix) as started:
        yield started


def asked(page: Page, model: MessagesApi, authorization: str | None) -> None:
    """Has the code reviewed until the model is asked with that header.

    The first question may still go to a server of before, one that is about to be ended.
    """
    for _ in range(4):
        number = len(model.messages()) + 1
        light_bulb(page, "Ask backend expert: review")
        if number == 1:
            agree(page, "Send what I ask about")
        if model.wait_for(number, 30)[-1].header("authorization") == authorization:
            return
    raise AssertionError(f"the model was not asked with {authorization}")


def test_a_model_and_its_key(
    browser: Browser, code: CodeServer, shop: Path, model: MessagesApi
) -> None:
    model.script(answer("All is well.\n"), times=None)
    page = opened(browser, code, shop, NOTIFY)
    run(page, "Backend Expert: Select Model")
    pick(page, "Gateway or local server")
    with restarted(page):
        type_in(page, "Address of the server", model.url)
    run(page, "Backend Expert: Set API Key")
    with restarted(page):
        type_in(page, "Backend Expert: API key", KEY)
    asked(page, model, f"Bearer {KEY}")
    shown = view(page, "#answers").locator("article")
    expect(shown.last.locator(".body")).to_contain_text("All is well.")

    kept = [path for path in code.home.rglob("*") if path.is_file()]
    settings = [path.read_text("utf-8") for path in kept if path.name == "settings.json"]
    assert any(model.url in text for text in settings)
    assert [path for path in kept if KEY.encode() in path.read_bytes()] == []

    with restarted(page):
        run(page, "Backend Expert: Remove API Key")
        expect(messages(page)).to_contain_text("the API key is removed")
    asked(page, model, "Bearer no-key-is-needed-here")
