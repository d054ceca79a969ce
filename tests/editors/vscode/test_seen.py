"""What a person sees, in a dark and in a light window: findings, answers, diffs, the map, the tree."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

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
FIX = "Take it with its zone"
TOGGLE = "Preferences: Toggle between Light/Dark Themes"


@pytest.fixture(autouse=True)
def dark(asking: CodeServer) -> None:
    """Windows are dark at first, and have no map of the code."""
    looks = {"workbench.colorTheme": "Default Dark Modern", "editor.minimap.enabled": False}
    path = asking.home / "data" / "User" / "settings.json"
    path.write_text(json.dumps(CALM | looks), "utf-8")


def pictures(
    page: Page, name: str, folder: Path, again: Callable[[], Locator | None] = lambda: None
) -> None:
    """Takes a picture in the dark and one in the light.

    `again` shows what a command or a new finding hides; the picture has it.
    """
    for theme, other in (("dark", "light"), ("light", "dark")):
        for _ in range(6):
            shown = again()
            picture(page, f"{name}-{theme}", folder)
            if shown is None or shown.is_visible():
                break
        page.keyboard.press("Escape")
        run(page, TOGGLE)
        _is_all(page, other)


def _is_all(page: Page, theme: str) -> None:
    """Waits until the window and all views in it are of a theme."""
    page.wait_for_selector(f".monaco-workbench[class*={theme}_modern]")
    for frame in page.frames:
        body = frame.locator("body[data-vscode-theme-kind]")
        if body.count():
            expect(body).to_have_attribute("data-vscode-theme-kind", f"vscode-{theme}")


def test_a_hover_and_a_quick_fix(
    browser: Browser, asking: CodeServer, shop: Path, tmp_path: Path
) -> None:
    page = opened(browser, asking, shop, AUTH)
    pictures(page, "vscode-hover", tmp_path, lambda: hovered(page, "naive-datetime"))
    pictures(page, "vscode-light-bulb", tmp_path, lambda: offered(page, FIX))
    light_bulb(page, FIX)
    expect(line(page, "expires_at =").first).to_contain_text("datetime.now(timezone.utc)")


def test_an_answer_streams(
    browser: Browser,
    asking: CodeServer,
    shop: Path,
    model: MessagesApi,
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
    pictures(page, "vscode-answer", tmp_path)
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
    pictures(page, "vscode-diff", tmp_path)
    run(page, "Accept the Proposed Changes")
    expect(shown.locator(".decision")).to_have_text("Applied")
    page.keyboard.press("Control+1")
    expect(line(page, "timeout=5,")).to_be_visible()
    expect(line(page, "in five seconds")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(line(page, "timeout=5,")).to_have_count(0)
    expect(line(page, "in five seconds")).to_have_count(0)


def test_the_tree_and_the_map_lead_to_code(
    browser: Browser, asking: CodeServer, shop: Path, tmp_path: Path
) -> None:
    page = opened(browser, asking, shop, AUTH)
    run(page, "View: Show Backend Expert")
    page.locator(".monaco-list-row", has_text="POST /auth/login").first.wait_for()
    pictures(page, "vscode-tree", tmp_path)
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
    pictures(page, "vscode-map", tmp_path, endpoint.focus)
