"""What a person sees: findings, the light bulb, an answer, its diff, the map, the tree."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.editors.vscode.window import light_bulb, line, opened, run, view
from tests.editors.web.browsing import picture
from tests.editors.web.serving import CodeServer

AUTH = "api/shop/routers/auth.py:96:35"
NAIVE = "datetime.utcnow()"


@pytest.fixture
def theme(request: pytest.FixtureRequest) -> str:
    return "light" if "light" in request.node.name else "dark"


def test_a_hover_and_a_quick_fix(
    browser: Browser, code: CodeServer, shop: Path, theme: str, tmp_path: Path
) -> None:
    page = opened(browser, code, shop, AUTH)
    page.keyboard.press("Control+1")
    page.keyboard.press("Control+k")
    page.keyboard.press("Control+i")
    expect(page.locator(".monaco-hover", has_text="naive-datetime").first).to_be_visible()
    picture(page, f"vscode-hover-{theme}", tmp_path)
    page.keyboard.press("Escape")
    light_bulb(page, "Take it with its zone")
    expect(line(page, "expires_at =").first).to_contain_text("datetime.now(timezone.utc)")


def test_an_answer_is_reviewed_accepted_and_undone(
    browser: Browser, code: CodeServer, shop: Path, theme: str, tmp_path: Path
) -> None:
    page = opened(browser, code, shop, AUTH)
    light_bulb(page, "Ask backend expert: rewrite")
    answers = view(page, "#answers")
    expect(answers.locator(".proposal:visible")).to_have_count(1)
    picture(page, f"vscode-answer-{theme}", tmp_path)
    answers.locator("button[data-do=diff]:visible").click()
    page.locator(".monaco-diff-editor").wait_for()
    picture(page, f"vscode-diff-{theme}", tmp_path)
    run(page, "Accept the Proposed Changes")
    expect(answers.locator(".proposal .decision")).to_have_text("Applied")
    expect(line(page, "expires_at =").first).to_contain_text("timezone.utc")
    page.keyboard.press("Control+1")
    page.keyboard.press("Control+z")
    expect(line(page, "expires_at =").first).to_contain_text(NAIVE)


def test_the_tree_and_the_map_lead_to_code(
    browser: Browser, code: CodeServer, shop: Path, theme: str, tmp_path: Path
) -> None:
    page = opened(browser, code, shop, AUTH)
    run(page, "View: Show Backend Expert")
    page.locator(".monaco-list-row", has_text="POST /auth/login").first.wait_for()
    picture(page, f"vscode-tree-{theme}", tmp_path)
    run(page, "Backend Expert: Open Architecture Map")
    drawn = view(page, "#map")
    endpoint = drawn.locator(".node.endpoint", has_text="POST /orders").first
    endpoint.wait_for()
    endpoint.hover()
    picture(page, f"vscode-map-{theme}", tmp_path)
    endpoint.click()
    expect(page.locator(".tab.active", has_text="orders.py")).to_be_visible()
