"""With a model: answers stream, are reviewed, made, undone, stopped; nothing leaves unasked."""

import threading
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.editors import answers
from tests.editors.vscode.window import (
    agree,
    light_bulb,
    line,
    opened,
    run,
    status,
    view,
)
from tests.editors.web.serving import CodeServer
from tests.support.messages_api import MessagesApi, answer, awaits, calls, holds

NOTIFY = f"{answers.FILE}:27:17"
REVIEW, REWRITE = "Ask backend expert: review", "Ask backend expert: rewrite"


def test_an_answer_streams_and_its_edit_is_made_and_undone(
    browser: Browser, asking: CodeServer, shop: Path, model: MessagesApi
) -> None:
    seen = threading.Event()
    model.script(
        answer(
            "The call ", "waits ", awaits(seen), "for ever.\n", calls("propose_edits", answers.EDIT)
        )
    )
    page = opened(browser, asking, shop, NOTIFY)
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
    browser: Browser, asking: CodeServer, shop: Path, model: MessagesApi
) -> None:
    model.script(answer("It hands ", holds()))
    page = opened(browser, asking, shop, NOTIFY)
    light_bulb(page, REVIEW)
    agree(page, "Send what I ask about")
    shown = view(page, "#answers").locator("article")
    expect(shown.locator(".body")).to_contain_text("It hands")
    shown.locator("button[data-do=stop]").click()
    expect(shown).to_have_attribute("data-state", "stopped")
    expect(shown.locator(".reason")).to_have_text("Stopped.")
    (stopped,) = model.messages()
    stopped.wait()
    assert stopped.left_at is not None and not stopped.answered
    status(page, "Server ")
