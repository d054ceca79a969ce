"""With a model: answers stream, are reviewed, made, undone, stopped; nothing leaves unasked."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.editors import answers
from tests.editors.vscode.conftest import prepared
from tests.editors.vscode.window import (
    agree,
    light_bulb,
    line,
    opened,
    run,
    status,
    view,
)
from tests.editors.web.serving import CodeServer, serving
from tests.support.messages_api import MessagesApi, answer, awaits, calls, holds

NOTIFY = f"{answers.FILE}:27:17"
REVIEW, REWRITE = "Ask backend expert: review", "Ask backend expert: rewrite"


@pytest.fixture(scope="module")
def stand_in() -> Iterator[MessagesApi]:
    with MessagesApi() as started:
        yield started


@pytest.fixture
def api(stand_in: MessagesApi) -> MessagesApi:
    """The model, which has heard nothing and knows no answers yet."""
    stand_in.forget()
    return stand_in


@pytest.fixture(scope="module")
def code(
    code_server: Path,
    vsix: Path,
    server: Path,
    stand_in: MessagesApi,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[CodeServer]:
    """code-server with the extension, whose user has a model."""
    model = {"model.provider": "anthropic", "model.baseUrl": stand_in.url}
    settings = {"server.path": str(server), **model}
    home = prepared(tmp_path_factory.mktemp("code") / "home", settings)
    with serving(code_server, home, vsix) as started:
        yield started


def test_an_answer_streams_and_its_edit_is_made_and_undone(
    browser: Browser, code: CodeServer, shop: Path, api: MessagesApi
) -> None:
    seen = threading.Event()
    api.script(
        answer(
            "The call ", "waits ", awaits(seen), "for ever.\n", calls("propose_edits", answers.EDIT)
        )
    )
    page = opened(browser, code, shop, NOTIFY)
    light_bulb(page, REWRITE)
    agree(page, "Send what I ask about")
    shown = view(page, "#answers").locator("article")
    expect(shown.locator(".body")).to_contain_text("The call waits")
    expect(shown.locator(".body")).not_to_contain_text("for ever")
    expect(shown).to_have_attribute("data-state", "running")
    expect(status(page, "Rewrite this code")).to_contain_text("$0.0")
    seen.set()
    expect(shown.locator(".body")).to_contain_text("waits for ever.")
    expect(shown).to_have_attribute("data-state", "done")
    expect(shown.locator(".meta")).to_contain_text("tokens · $0.0")
    expect(status(page, "for models in this session")).to_contain_text("$0.0")

    shown.locator("button[data-do=diff]").click()
    proposed = page.locator(".monaco-diff-editor .editor.modified .view-line")
    expect(proposed.filter(has_text="timeout=5,")).to_have_count(1)
    run(page, "Accept the Proposed Changes")
    expect(shown.locator(".decision")).to_have_text("Applied")
    page.keyboard.press("Control+1")
    expect(line(page, "timeout=5,")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(line(page, "timeout=5,")).to_have_count(0)


def test_an_answer_is_stopped_in_the_middle(
    browser: Browser, code: CodeServer, shop: Path, api: MessagesApi
) -> None:
    api.script(answer("It hands ", holds()))
    page = opened(browser, code, shop, NOTIFY)
    light_bulb(page, REVIEW)
    agree(page, "Send what I ask about")
    shown = view(page, "#answers").locator("article")
    expect(shown.locator(".body")).to_contain_text("It hands")
    shown.locator("button[data-do=stop]").click()
    expect(shown).to_have_attribute("data-state", "stopped")
    expect(shown.locator(".reason")).to_have_text("Stopped.")
    (stopped,) = api.messages()
    stopped.wait()
    assert stopped.left_at is not None and not stopped.answered
    status(page, "Server ")
