"""What leaves the machine: nothing before a yes, which is asked once; all of it can be seen."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.editors import answers
from tests.editors.vscode.window import agree, light_bulb, messages, opened, pick, run, show, view
from tests.editors.web.serving import CodeServer
from tests.support.messages_api import MessagesApi, answer

NOTIFY = f"{answers.FILE}:27:17"
REVIEW = "Ask backend expert: review"
QUESTION = "would send the code that you ask about"


def answered(page: Page, number: int, words: str) -> None:
    """Waits until so many answers are there, the last of them with some words."""
    shown = view(page, "#answers").locator("article")
    expect(shown).to_have_count(number)
    expect(shown.last).to_have_attribute("data-state", "done")
    expect(shown.last.locator(".body")).to_contain_text(words)


def test_a_workspace_is_asked_about_once(
    browser: Browser, asking: CodeServer, shop: Path, model: MessagesApi
) -> None:
    model.script(answer("All is well.\n"), times=None)
    page = opened(browser, asking, shop, NOTIFY)
    light_bulb(page, REVIEW)
    expect(messages(page)).to_contain_text(QUESTION)
    assert model.requests == []
    agree(page, "Send what I ask about")
    answered(page, 1, "All is well.")
    light_bulb(page, REVIEW)
    answered(page, 2, "All is well.")
    page.context.close()

    page = opened(browser, asking, shop, NOTIFY)
    light_bulb(page, REVIEW)
    answered(page, 1, "All is well.")
    expect(messages(page)).to_have_count(0)
    assert len(model.messages()) == 3


def test_a_no_is_kept_and_the_answer_comes_from_facts(
    browser: Browser, asking: CodeServer, shop: Path, model: MessagesApi
) -> None:
    page = opened(browser, asking, shop, NOTIFY)
    light_bulb(page, REVIEW)
    agree(page, "Never here")
    shown = view(page, "#answers").locator("article")
    expect(shown.locator(".body")).to_contain_text("a stalled server holds this worker")
    light_bulb(page, REVIEW)
    expect(shown).to_have_count(2)
    expect(messages(page)).to_have_count(0)
    assert model.requests == []


def test_what_would_be_sent_is_shown_and_what_was(
    browser: Browser, asking: CodeServer, shop: Path, model: MessagesApi
) -> None:
    model.script(answer("All is well.\n"))
    page = opened(browser, asking, shop, NOTIFY)
    run(page, "Backend Expert: Show What Would Be Sent")
    pick(page, "Review this code")
    would = page.locator(".view-line", has_text="# What would be sent")
    expect(would).to_be_visible()
    assert model.requests == []
    show(page, "notify.py")
    light_bulb(page, REVIEW)
    agree(page, "Send what I ask about")
    answered(page, 1, "All is well.")
    run(page, "Backend Expert: Show What Was Sent")
    expect(page.locator(".view-line", has_text="# What was sent")).to_be_visible()
