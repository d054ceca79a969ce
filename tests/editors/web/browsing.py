"""A headless Chromium that a test drives, and pictures of what it shows."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

STILL = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 45_000  # milliseconds, for a machine that has other things to do
SIZE = {"width": 1200, "height": 720}
COLOURS = 192


@contextmanager
def browsing(chromium: Path) -> Iterator[Browser]:
    """The browser."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(STILL))
        try:
            yield browser
        finally:
            browser.close()


def window(browser: Browser, address: str) -> Page:
    """A page with nothing remembered, of the size that the pictures have."""
    page = browser.new_context(viewport=SIZE, device_scale_factor=1).new_page()  # pyright: ignore[reportArgumentType]
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    return page


def workbench(browser: Browser, address: str) -> Page:
    """A window of VS Code that is there to be typed into."""
    page = window(browser, address)
    page.wait_for_selector(".monaco-workbench .statusbar")
    return page


def picture(page: Page, name: str, fallback: Path) -> Path:
    """Takes a picture, into the folder that `BACKEND_EXPERT_PICTURES` names, else `fallback`."""
    folder = Path(os.environ.get("BACKEND_EXPERT_PICTURES") or fallback)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    page.screenshot(path=path, animations="disabled", caret="hide")
    # A screen has few colours: with so many it is half the size and looks the same. The rare ones
    # count as much as the others, for a warning's line must not look like an error's.
    with Image.open(path) as taken:
        how = Image.Quantize.MAXCOVERAGE
        few = taken.convert("RGB").quantize(COLOURS, how, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    return path
