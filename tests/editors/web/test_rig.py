"""The rig itself: a window opens, a picture is taken, tests run inside the extension host."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.editors.web.browsing import picture, workbench
from tests.editors.web.hosting import run_inside
from tests.editors.web.serving import CodeServer, serving

RUN = "exports.run = async () => { console.log('I was here'); throw new Error('and it broke'); };"


@pytest.fixture(scope="module")
def code(code_server: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodeServer]:
    with serving(code_server, tmp_path_factory.mktemp("home")) as started:
        yield started


@pytest.fixture
def extension(tmp_path: Path) -> Path:
    """An extension that does nothing."""
    folder = tmp_path / "extension"
    folder.mkdir()
    about = {"name": "still", "publisher": "tests", "version": "1.0.0"}
    about |= {"engines": {"vscode": "^1.90.0"}, "main": "./main.js", "activationEvents": ["*"]}
    (folder / "package.json").write_text(json.dumps(about), "utf-8")
    (folder / "main.js").write_text("exports.activate = () => {};", "utf-8")
    return folder


def test_tests_run_inside_the_extension_host(
    browser: Browser, code: CodeServer, extension: Path, shop: Path
) -> None:
    tests = extension / "tests.js"
    tests.write_text(RUN, "utf-8")
    with pytest.raises(AssertionError, match=r"(?s)I was here.*and it broke"):
        run_inside(browser, code, shop, extension, tests)


def test_a_window_opens_on_a_folder(
    browser: Browser, code: CodeServer, shop: Path, tmp_path: Path
) -> None:
    page = workbench(browser, code.page(shop))
    page.get_by_role("treeitem", name="compose.yaml").wait_for()
    assert picture(page, "window", tmp_path).read_bytes().startswith(b"\x89PNG")
