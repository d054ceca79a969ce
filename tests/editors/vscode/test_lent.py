"""The editor's own model, brought by another extension: chosen, asked, stopped, and what goes wrong."""

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.editors import answers
from tests.editors.vscode.conftest import prepared
from tests.editors.vscode.window import (
    agree,
    light_bulb,
    line,
    messages,
    opened,
    pick,
    restarted,
    run,
    view,
)
from tests.editors.web.serving import CodeServer, serving
from tests.support.messages_api import MessagesApi, answer, awaits, fails

LENDER = Path(__file__).parent / "lender"
NOTIFY = f"{answers.FILE}:27:17"
REVIEW = "Ask backend expert: review"
ONE = {"id": "one", "name": "Lent One", "asks": "claude-haiku-4-5"}
TWO = {"id": "two", "name": "Lent Two", "asks": "claude-sonnet-5-5"}
ASIDE = {"id": "aside", "name": "Lent Aside", "asks": "claude-haiku-4-5", "auth": True}


@pytest.fixture(scope="module")
def code(
    code_server: Path, vsix: Path, server: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CodeServer]:
    """code-server whose user has no key and has set up no model yet."""
    home = prepared(tmp_path_factory.mktemp("code") / "home", {"server.path": str(server)})
    with serving(code_server, home, vsix) as started:
        yield started


class Lending:
    """Opens windows in which an extension lends models."""

    def __init__(self, browser: Browser, code: CodeServer, shop: Path, lender: Path) -> None:
        self.browser, self.code, self.shop, self.lender = browser, code, shop, lender

    def window(self, url: str, *models: dict[str, Any], **settings: str) -> Page:
        """A window with these models, which say what the stand-in at `url` does."""
        shutil.copytree(LENDER, self.lender)
        (self.lender / "lends.json").write_text(json.dumps({"url": url, "models": models}), "utf-8")
        machine = self.code.home / "data" / "Machine" / "settings.json"
        known = json.loads(machine.read_text("utf-8"))
        kept = {name: value for name, value in known.items() if "model" not in name}
        chosen = {f"backendExpert.model.{name}": value for name, value in settings.items()}
        machine.write_text(json.dumps(kept | chosen), "utf-8")
        aside = ("extensionDevelopmentPath", self.code.remote(self.lender))
        more = [aside, ("enableProposedApi", "true")]
        return opened(self.browser, self.code, self.shop, NOTIFY, more)


@pytest.fixture
def lending(browser: Browser, code: CodeServer, shop: Path, tmp_path: Path) -> Lending:
    return Lending(browser, code, shop, tmp_path / "lender")


def ended(shown: Locator, number: int, state: str) -> Locator:
    """The latest of so many answers, once it is in a state."""
    expect(shown).to_have_count(number)
    expect(shown.last).to_have_attribute("data-state", state)
    return shown.last


def test_it_is_chosen_and_its_edit_is_proved_made_and_undone(
    lending: Lending, model: MessagesApi
) -> None:
    seen = threading.Event()
    block = f"```propose_edits\n{json.dumps(answers.EDIT)}\n```\n"
    model.script(answer("The call waits ", awaits(seen), "for ever.\n\n", block[:9], block[9:]))
    page = lending.window(model.url, ONE, TWO)
    run(page, "Backend Expert: Select Model")
    pick(page, "The editor's own model")
    with restarted(page):
        pick(page, "Lent Two")
    page.keyboard.press("Control+1")
    page.keyboard.press("Control+k")
    page.keyboard.press("b")
    pick(page, "Rewrite this code")
    expect(messages(page)).to_contain_text("the editor's own model")
    assert model.requests == []
    agree(page, "Send what I ask about")
    shown = view(page, "#answers").locator("article")
    expect(shown.locator(".body")).to_contain_text("The call waits")
    expect(shown.locator(".body")).not_to_contain_text("for ever")
    expect(shown).to_have_attribute("data-state", "running")
    seen.set()
    expect(shown.locator(".body")).to_contain_text("for ever.")
    expect(shown.locator(".body")).not_to_contain_text("propose_edits")
    expect(ended(shown, 1, "done").locator(".meta")).to_contain_text("Lent Two")
    (asked,) = model.messages()
    assert asked.json["model"] == TWO["asks"]
    assert "requests.post(" in json.dumps(asked.json["messages"])

    shown.locator("button[data-do=diff]").click()
    proposed = page.locator(".monaco-diff-editor .editor.modified .view-line")
    expect(proposed.filter(has_text="timeout=5,")).to_have_count(1)
    run(page, "Accept the Proposed Changes")
    expect(shown.locator(".decision")).to_have_text("Applied")
    page.keyboard.press("Control+1")
    expect(line(page, "timeout=5,")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(line(page, "timeout=5,")).to_have_count(0)


def test_what_goes_wrong_is_said_and_the_next_question_answered(
    lending: Lending, model: MessagesApi
) -> None:
    stopped = threading.Event()
    model.script(answer("It hands ", awaits(stopped), "over all"))
    page = lending.window(model.url, ONE, provider="editor")
    light_bulb(page, REVIEW)
    agree(page, "Send what I ask about")
    shown = view(page, "#answers").locator("article")
    expect(shown.locator(".body")).to_contain_text("It hands")
    shown.locator("button[data-do=stop]").click()
    expect(ended(shown, 1, "stopped").locator(".reason")).to_have_text("Stopped.")
    # This VS Code tells a model that has begun nothing of it: what it still says is dropped.
    stopped.set()
    model.messages()[0].wait(30)

    wrong = (
        (fails(403, "not about this"), "Lent One: not about this"),
        (fails(500, "the model broke"), "Lent One: the model broke"),
        (answer(), "its answer is empty"),
    )
    for number, (script, words) in enumerate(wrong, 2):
        model.script(script)
        light_bulb(page, REVIEW)
        said = ended(shown, number, "failed")
        expect(said).to_contain_text(words)
        expect(said).to_contain_text("The editor's own model did not answer")

    model.script(answer("All is well.\n"))
    light_bulb(page, REVIEW)
    expect(ended(shown, 5, "done").locator(".body")).to_contain_text("All is well.")
    expect(messages(page)).to_have_count(0)
    expect(shown.first.locator(".body")).not_to_contain_text("over all")

    run(page, "Lender: Take the Models Away")
    light_bulb(page, REVIEW)
    expect(ended(shown, 6, "failed")).to_contain_text("this editor has no language model now")
    run(page, "Backend Expert: Select Model")
    pick(page, "The editor's own model")
    expect(messages(page)).to_contain_text("this editor has no language model now")


def test_a_model_that_its_owner_guards_is_asked_after_a_yes(
    lending: Lending, model: MessagesApi
) -> None:
    model.script(answer("All is well.\n"))
    page = lending.window(model.url, ASIDE, provider="editor")
    light_bulb(page, REVIEW)
    agree(page, "Send what I ask about")
    dialog = page.locator(".monaco-dialog-box", has_text="You have asked the backend expert.")
    dialog.locator(".monaco-button", has_text="Cancel").click()
    shown = view(page, "#answers").locator("article")
    said = ended(shown, 1, "failed")
    expect(said).to_contain_text("you have not let Backend Expert use Lent Aside")
    assert model.requests == []
    light_bulb(page, REVIEW)
    dialog.locator(".monaco-button", has_text="Allow").click()
    expect(ended(shown, 2, "done").locator(".body")).to_contain_text("All is well.")
