"""What a person sees, in a dark and in a light window: findings, answers, diffs, the map, the tree."""

import json
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.editors import answers
from tests.editors.vscode.window import (
    agree,
    hovered,
    light_bulb,
    line,
    offered,
    opened,
    run,
    status,
    view,
)
from tests.editors.web.browsing import picture
from tests.editors.web.serving import CALM, CodeServer
from tests.support.messages_api import MessagesApi, answer, awaits, calls

AUTH = "api/shop/routers/auth.py:96:35"
NOTIFY = f"{answers.FILE}:27:17"
DOCSTRING = '    """Hand a message over; the message id keeps it from being sent twice."""\n'
# In two places, so that undoing it in one step is seen.
EDIT = {
    "title": "Wait at most five seconds",
    "edits": [
        *answers.EDIT["edits"],
        {
            "file": answers.FILE,
            "first_line": 17,
            "last_line": 17,
            "old": DOCSTRING,
            "new": DOCSTRING.replace(
                "Hand a message over;", "Hand a message over in five seconds;"
            ),
            "mends": [],
        },
    ],
}
THEMES = {"dark": "Default Dark Modern", "light": "Default Light Modern"}


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest, asking: CodeServer) -> str:
    """The theme of the windows that are opened from here on."""
    looks = {"workbench.colorTheme": THEMES[request.param], "editor.minimap.enabled": False}
    path = asking.home / "data" / "User" / "settings.json"
    path.write_text(json.dumps(CALM | looks), "utf-8")
    return request.param


def test_a_hover_and_a_quick_fix(
    browser: Browser, asking: CodeServer, shop: Path, theme: str, tmp_path: Path
) -> None:
    page = opened(browser, asking, shop, AUTH)
    hovered(page, "naive-datetime")
    picture(page, f"vscode-hover-{theme}", tmp_path)
    page.keyboard.press("Escape")
    offered(page, "Take it with its zone")
    picture(page, f"vscode-light-bulb-{theme}", tmp_path)
    page.keyboard.press("Escape")
    light_bulb(page, "Take it with its zone")
    expect(line(page, "expires_at =").first).to_contain_text("datetime.now(timezone.utc)")


def test_an_answer_streams(
    browser: Browser,
    asking: CodeServer,
    shop: Path,
    model: MessagesApi,
    theme: str,
    tmp_path: Path,
) -> None:
    seen, (first, rest) = threading.Event(), answers.REVIEW
    model.script(answer(first, awaits(seen), rest))
    page = opened(browser, asking, shop, NOTIFY)
    light_bulb(page, "Ask backend expert: review")
    agree(page, "Send what I ask about")
    shown = view(page, "#answers").locator("article")
    expect(shown.locator(".body")).to_contain_text("both raise here")
    expect(shown.locator(".body")).not_to_contain_text("dead letters")
    expect(shown).to_have_attribute("data-state", "running")
    expect(status(page, "Review this code")).to_contain_text("$0.0")
    picture(page, f"vscode-answer-{theme}", tmp_path)
    seen.set()
    expect(shown.locator(".body")).to_contain_text("dead letters")
    expect(shown).to_have_attribute("data-state", "done")
    expect(shown.locator(".meta")).to_contain_text("tokens")
    expect(status(page, "for models in this session")).to_contain_text("$0.0")


def test_an_edit_is_reviewed_made_and_undone(
    browser: Browser,
    asking: CodeServer,
    shop: Path,
    model: MessagesApi,
    theme: str,
    tmp_path: Path,
) -> None:
    model.script(answer("The call waits for ever.\n", calls("propose_edits", EDIT)))
    page = opened(browser, asking, shop, NOTIFY)
    light_bulb(page, "Ask backend expert: rewrite")
    agree(page, "Send what I ask about")
    shown = view(page, "#answers").locator("article")
    shown.locator("button[data-do=diff]").click()
    proposed = page.locator(".monaco-diff-editor .editor.modified .view-line")
    expect(proposed.filter(has_text="timeout=5,")).to_have_count(1)
    picture(page, f"vscode-diff-{theme}", tmp_path)
    run(page, "Accept the Proposed Changes")
    expect(shown.locator(".decision")).to_have_text("Applied")
    page.keyboard.press("Control+1")
    expect(line(page, "timeout=5,")).to_be_visible()
    expect(line(page, "in five seconds")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(line(page, "timeout=5,")).to_have_count(0)
    expect(line(page, "in five seconds")).to_have_count(0)


def test_the_tree_and_the_map_lead_to_code(
    browser: Browser, asking: CodeServer, shop: Path, theme: str, tmp_path: Path
) -> None:
    page = opened(browser, asking, shop, AUTH)
    run(page, "View: Show Backend Expert")
    page.locator(".monaco-list-row", has_text="POST /auth/login").first.wait_for()
    picture(page, f"vscode-tree-{theme}", tmp_path)
    run(page, "Backend Expert: Open Architecture Map")
    drawn = view(page, "#map")
    endpoint = drawn.locator(".node.endpoint", has_text="POST /orders").first
    endpoint.click()
    expect(page.locator(".tab.active", has_text="orders.py")).to_be_visible()
    run(page, "View: Close Primary Side Bar")
    everything = drawn.locator(".node").count()
    drawn.locator("#alone").click()
    expect(drawn.locator("#alone")).to_have_text("Show Everything")
    assert 1 < drawn.locator(".node").count() < everything
    picture(page, f"vscode-map-{theme}", tmp_path)
