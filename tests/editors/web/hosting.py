"""Tests inside the extension host: a module that exports `run()` and may use `vscode`."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.editors.web.serving import CodeServer

PATIENCE = 120  # seconds for all the tests of a module
# The two functions that VS Code calls in a page that runs tests.
AUTOMATION = """
window.automation = { log: [], code: undefined };
window.codeAutomationLog = (kind, words) => automation.log.push(`${kind}: ${words.join(" ")}`);
window.codeAutomationExit = (code) => { automation.code = code; };
"""


def run_inside(
    browser: Browser, code: CodeServer, folder: Path, extension: Path, tests: Path
) -> str:
    """Opens a window on `folder` with the extension in development and runs the module `tests`.

    Returns what it logged.

    Raises:
        AssertionError: `run()` failed, with the log.
    """
    payload = [
        ("extensionDevelopmentPath", code.remote(extension)),
        ("extensionTestsPath", code.remote(tests)),
    ]
    context = browser.new_context()
    context.add_init_script(AUTOMATION)
    page = context.new_page()
    page.goto(code.page(folder, payload))
    page.wait_for_function("automation.code !== undefined", timeout=PATIENCE * 1000)
    outcome = page.evaluate("automation")
    context.close()
    said = "\n".join(outcome["log"])
    assert outcome["code"] == 0, f"the tests in the extension host failed:\n{said}"
    return said
