"""What the extension host says: every spec of `inside/`, with what it measured."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.editors import figures
from tests.editors.vscode.conftest import EXTENSION, prepared
from tests.editors.web.hosting import run_inside
from tests.editors.web.serving import CodeServer, serving

INSIDE = Path(__file__).parent / "inside"
SPECS = sorted(path for path in INSIDE.glob("*.js") if path.stem != "harness")


@pytest.fixture(scope="module")
def plain(
    code_server: Path,
    vsix: Path,  # which has also built what runs in development
    server: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[CodeServer]:
    """code-server without the packaged extension: each window brings its own."""
    assert vsix.exists()
    home = prepared(tmp_path_factory.mktemp("code") / "home", {"server.path": str(server)})
    with serving(code_server, home) as started:
        yield started


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_spec(spec: Path, browser: Browser, plain: CodeServer, shop: Path) -> None:
    said = run_inside(browser, plain, shop, EXTENSION, spec)
    for found in re.findall(r"FIGURE (\{.+\})", said):
        figure = json.loads(found)
        figures.note("VS Code", figure["name"], figure["times"])
