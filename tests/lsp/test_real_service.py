"""The commands about the service, with the real server: map, overview, tasks, a rule's page."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from backend_expert.lsp.client import Failed

from tests.support.editor import SHOP, Editor


async def command(editor: Editor, name: str, *arguments: Any) -> Any:
    params = {"command": f"backendExpert.{name}", "arguments": list(arguments)}
    return await editor.session.request("workspace/executeCommand", params, patience=60)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    shutil.copytree(SHOP, folder)
    return folder


async def test_the_map_leads_to_code_that_is_not_saved(shop: Path) -> None:
    async with Editor.start("vscode", shop) as editor:
        path = shop / "api" / "shop" / "routers" / "orders.py"
        uri = editor.open_file(path)
        before = await command(editor, "map")
        labels = {node["label"]: node for node in before["nodes"]}
        assert {"GET /orders", "orders", "fulfilment", "on_fulfilment"} <= labels.keys()
        assert labels["orders"]["uri"].endswith(".sql")
        line = labels["GET /orders"]["range"]["start"]["line"]
        ids = {node["id"] for node in before["nodes"]}
        assert all({edge["from"], edge["to"]} <= ids for edge in before["edges"])
        editor.session.type_in(uri, 2, 0, 0, "# one line more\n")
        after = await command(editor, "map")
        again = {node["label"]: node for node in after["nodes"]}
        assert again["GET /orders"]["range"]["start"]["line"] == line + 1


async def test_the_overview_counts_findings_by_area(shop: Path) -> None:
    async with Editor.start("emacs", shop) as editor:
        found = await command(editor, "overview")
        assert len(found["endpoints"]) > 40
        assert {"orders", "customers"} <= {group["label"] for group in found["tables"]}
        areas = {group["label"]: int(group["detail"]) for group in found["findings"]}
        assert areas["Security"] == len(found["findings"][list(areas).index("Security")]["entries"])


async def test_tasks_fit_the_place(shop: Path) -> None:
    async with Editor.start("vscode", shop) as editor:
        uri = editor.open_file(shop / "api" / "shop" / "routers" / "auth.py")
        start = {"line": 0, "character": 0}
        at = {"uri": uri, "range": {"start": start, "end": start}}
        offered = await command(editor, "tasks", at)
        assert {"explain", "review"} <= {task["id"] for task in offered}
        with pytest.raises(Failed, match="is not open"):
            await command(editor, "tasks", at | {"uri": "file:///none.py"})
        with pytest.raises(Failed, match="range"):
            await command(editor, "tasks", {"uri": uri})


async def test_a_rule_has_its_page(shop: Path) -> None:
    async with Editor.start("neovim", shop) as editor:
        page = await command(editor, "explainRule", {"rule": "security/sql-injection"})
        assert "security/sql-injection" in page["markdown"]
        with pytest.raises(Failed, match="no rule"):
            await command(editor, "explainRule", {"rule": "security/none"})
