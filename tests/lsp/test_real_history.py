"""The real server and a repository: what is merged is silent, and a branch that moves is seen."""

import asyncio
from pathlib import Path

from tests.support.editor import Editor
from tests.support.repositories import commit, git, repository

OLD, NEW = "db/migrations/0001_status.sql", "db/migrations/0002_index.sql"
INDEX = "CREATE INDEX orders_by_status ON orders (status);\n"
RULE = "database/migration-index-not-concurrent"


async def test_a_merged_migration_and_one_that_gets_merged(tmp_path: Path) -> None:
    files = {OLD: INDEX, ".backend-expert.toml": 'dialect = "postgres"\n'}
    root = repository(tmp_path / "shop", files)
    git(root, "switch", "-qc", "feature")
    commit(root, {NEW: INDEX})
    async with Editor.start("vscode", root) as editor:
        old, new = editor.open_file(root / OLD), editor.open_file(root / NEW)
        assert not await editor.findings(old)
        assert await editor.findings(new, RULE)
        editor.rewrite(old, INDEX + "-- more\n")
        assert await editor.findings(old, RULE)
        editor.rewrite(old, INDEX)
        assert not await editor.findings(old)
        closed = {i["uri"]: i["items"] for i in await workspace(editor)}
        assert not closed.get(old)
        git(root, "branch", "-f", "main", "feature")
        head = (root / ".git/refs/heads/main").as_uri()
        changed = {"changes": [{"uri": head, "type": 2}]}
        editor.session.notify("workspace/didChangeWatchedFiles", changed)
        assert not await editor.findings(new)
        (root / ".git/refs/heads/other").write_text("x\n")
        changed["changes"][0]["uri"] = (root / ".git/refs/heads/other").as_uri()
        editor.session.notify("workspace/didChangeWatchedFiles", changed)
        assert not await editor.findings(new)
        globs = {
            watcher["globPattern"]
            for asked in editor.session.told["client/registerCapability"]
            for one in asked["registrations"]
            for watcher in one.get("registerOptions", {}).get("watchers", ())
        }
        assert {"**/.git/{HEAD,packed-refs}", "**/.git/refs/{heads,remotes}/**"} <= globs
        assert await editor.session.shutdown() == 0


async def test_files_that_are_not_open(tmp_path: Path) -> None:
    files = {OLD: INDEX, ".backend-expert.toml": 'dialect = "postgres"\n'}
    root = repository(tmp_path / "shop", files)
    git(root, "switch", "-qc", "feature")
    commit(root, {NEW: INDEX})
    async with Editor.start("vscode", root) as editor:
        found = {i["uri"]: i["items"] for i in await workspace(editor)}
        assert not found.get((root / OLD).as_uri())
        assert RULE in {one["code"] for one in found[(root / NEW).as_uri()]}
        git(root, "branch", "-f", "main", "feature")
        head = (root / ".git/refs/heads/main").as_uri()
        changes = [{"uri": head, "type": 2}]
        editor.session.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        found = {i["uri"]: i["items"] for i in await workspace(editor)}
        assert not found.get((root / NEW).as_uri())
        assert await editor.session.shutdown() == 0


async def workspace(editor: Editor) -> list[dict]:
    params = {"previousResultIds": []}
    answer = await asyncio.wait_for(editor.session.request("workspace/diagnostic", params), 60)
    return answer["items"]
