"""A window of VS Code as a person has it: commands by their titles, our views by what they show."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, Error, Frame, Locator, Page, TimeoutError

from tests.editors.web.browsing import window
from tests.editors.web.serving import CodeServer

FINDING = ".squiggly-error, .squiggly-warning"
# Notes that our item of the status bar has said so, however short.
WATCHED = """
window.restarted = false;
new MutationObserver((_, watch) => {
  if (!document.querySelector('.statusbar [aria-label="Backend Expert: Starting the server"]')) return;
  window.restarted = true;
  watch.disconnect();
}).observe(document.querySelector(".statusbar"), { attributes: true, subtree: true, childList: true });
"""


def opened(
    browser: Browser,
    code: CodeServer,
    folder: Path,
    file: str,
    more: Sequence[tuple[str, str]] = (),
) -> Page:
    """A window on a folder with one file open, at `file:line:column`, once it has findings.

    `more` is what else the window is to know, as an extension that is run from its folder.
    """
    payload = [("openFile", code.remote(folder / file)), ("gotoLineMode", "true"), *more]
    page = window(browser, code.page(folder, payload))
    page.wait_for_selector(FINDING)
    return page


def run(page: Page, title: str) -> None:
    """Runs a command from the palette."""
    page.keyboard.press("F1")
    box = page.locator(".quick-input-widget input[type=text]")
    box.wait_for()
    box.fill(f">{title}")
    page.locator(".quick-input-list .monaco-list-row.focused", has_text=title).wait_for()
    page.keyboard.press("Enter")


def light_bulb(page: Page, title: str) -> None:
    """Chooses an entry of the light bulb at the cursor, as the keyboard does."""
    offered(page, title)
    for _ in range(20):
        focused = page.locator(".action-widget .monaco-list-row.focused")
        if focused.count() and title in (focused.first.text_content() or ""):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the light bulb has no {title!r}")


def hovered(page: Page, words: str) -> Locator:
    """Shows the hover at the cursor, and again while it lacks some words."""
    shown = page.locator(".monaco-hover", has_text=words).first
    for _ in range(6):
        for keys in ("Control+1", "Control+k", "Control+i"):
            page.keyboard.press(keys)
        try:
            shown.wait_for(timeout=6_000)
        except TimeoutError:
            continue
        return shown
    shown.wait_for()
    return shown


def offered(page: Page, title: str) -> Locator:
    """Opens the light bulb, and again while it lacks an entry: it shows what was known by then."""
    row = page.locator(".action-widget .monaco-list-row", has_text=title)
    for _ in range(10):
        page.keyboard.press("Control+1")
        page.keyboard.press("Control+.")
        try:
            row.wait_for(timeout=4_000)
        except TimeoutError:
            page.keyboard.press("Escape")
        else:
            return row
    row.wait_for()
    return row


def view(page: Page, element: str) -> Frame:
    """The webview that has an element."""
    for _ in range(300):
        for frame in page.frames:
            # One that is being replaced may be gone before it has answered.
            with suppress(Error):
                if frame.locator(element).count():
                    return frame
        page.wait_for_timeout(100)
    raise AssertionError(f"no view has {element}")


def line(page: Page, words: str) -> Locator:
    """The lines of the file's own editor that have some words."""
    return page.locator(".view-line", has_text=words)


def agree(page: Page, title: str) -> None:
    """Presses a button of a message."""
    page.locator(".notifications-toasts .monaco-button", has_text=title).first.click()


def status(page: Page, words: str) -> Locator:
    """Our item of the status bar, once its tooltip has some words."""
    item = page.locator(
        f'.statusbar-item:has([aria-label^="Backend Expert: "][aria-label*="{words}"])'
    )
    item.wait_for()
    return item


@contextmanager
def restarted(page: Page) -> Iterator[None]:
    """Waits after its body until the server was started anew and runs."""
    page.evaluate(WATCHED)
    yield
    page.wait_for_function("window.restarted")
    status(page, "Server ")


def pick(page: Page, title: str) -> None:
    """Chooses an entry of the list that is open at the top."""
    page.locator(".quick-input-list .monaco-list-row", has_text=title).first.wait_for()
    page.locator(".quick-input-widget input[type=text]").fill(title)
    page.locator(".quick-input-list .monaco-list-row.focused", has_text=title).wait_for()
    page.keyboard.press("Enter")


def type_in(page: Page, title: str, words: str) -> None:
    """Answers the question of a `title` that is open at the top."""
    asked = page.locator(".quick-input-widget", has_text=title)
    asked.wait_for()
    box = asked.locator(".quick-input-box input")
    box.fill(words)
    for _ in range(6):  # it takes no answer before it has looked at it
        box.press("Enter")
        try:
            asked.wait_for(state="hidden", timeout=4_000)
        except TimeoutError:
            continue
        return
    raise AssertionError(f"{title!r} takes no {words!r}")


def messages(page: Page) -> Locator:
    """The messages that stand in the corner."""
    return page.locator(".notifications-toasts .notification-list-item")


def show(page: Page, file: str) -> None:
    """Brings the tab of a file to the front."""
    page.locator(".tab", has_text=file).first.click()
