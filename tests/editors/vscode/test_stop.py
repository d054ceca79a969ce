"""An answer is stopped in the middle: the model sees it go, and the view says so."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.editors import answers
from tests.editors.vscode.window import agree, light_bulb, opened, status, view
from tests.editors.web.serving import CodeServer
from tests.support.messages_api import MessagesApi, answer, holds

NOTIFY = f"{answers.FILE}:27:17"


def test_an_answer_is_stopped_in_the_middle(
    browser: Browser, asking: CodeServer, shop: Path, model: MessagesApi
) -> None:
    model.script(answer("It hands ", holds()))
    page = opened(browser, asking, shop, NOTIFY)
    light_bulb(page, "Ask backend expert: review")
    agree(page, "Send what I ask about")
    shown = view(page, "#answers").locator("article")
    expect(shown.locator(".body")).to_contain_text("It hands")
    shown.locator("button[data-do=stop]").click()
    expect(shown).to_have_attribute("data-state", "stopped")
    expect(shown.locator(".reason")).to_have_text("Stopped.")
    (stopped,) = model.messages()
    stopped.wait(30)
    assert stopped.left_at is not None and not stopped.answered
    status(page, "Server ")
