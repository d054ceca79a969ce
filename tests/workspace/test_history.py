"""What is on the default branch, read out of repositories that git itself made."""

import logging
import shutil
from pathlib import Path

import pytest
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import decoded
from backend_expert.workspace.history import History, Tips

from tests.support.repositories import commit, git, repository

NAME, TEXT = "db/migrations/0001_init.sql", "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
OTHER = "db/migrations/0002_more.sql"


def has(path: Path, text: str | None = None) -> bool:
    """Whether a fresh history has a file as it is on disk, or with another text."""
    if text is None:
        text = decoded(path.read_bytes())
    return History().has(Document.open(path.as_uri(), text, path=str(path)))


@pytest.mark.parametrize("branch", ["main", "master"])
def test_the_branch_that_is_checked_out(tmp_path: Path, branch: str) -> None:
    root = repository(tmp_path / "a ü", {NAME: TEXT}, branch)
    assert has(root / NAME)
    assert not has(root / NAME, TEXT + "-- more\n")
    (root / OTHER).write_text(TEXT)
    assert not has(root / OTHER)
    git(root, "add", "-A")
    assert not has(root / OTHER)  # only what is committed
    git(root, "commit", "-qm", "More")
    assert has(root / OTHER)


def test_a_branch_of_another_name_is_not_taken_for_the_default_one(tmp_path: Path) -> None:
    assert not has(repository(tmp_path, {NAME: TEXT}, "trunk") / NAME)


def test_a_feature_branch(tmp_path: Path) -> None:
    root = repository(tmp_path, {NAME: TEXT})
    git(root, "switch", "-qc", "feature")
    commit(root, {OTHER: TEXT})
    assert has(root / NAME)
    assert not has(root / OTHER)
    commit(root, {NAME: TEXT + "-- more\n"})
    assert not has(root / NAME)


def test_a_detached_head(tmp_path: Path) -> None:
    root = repository(tmp_path, {NAME: TEXT})
    git(root, "switch", "-q", "--detach")
    commit(root, {OTHER: TEXT})
    assert has(root / NAME)
    assert not has(root / OTHER)


def test_packed_references_and_objects(tmp_path: Path) -> None:
    # Texts that are alike, so that git keeps one as its difference from another.
    lines = "".join(f"-- line {number}\n" for number in range(400))
    root = repository(tmp_path, {NAME: TEXT + lines})
    for number in range(40):
        commit(root, {f"db/migrations/{number}.sql": TEXT + lines + str(number)})
    git(root, "gc", "-q", "--aggressive")
    git(root, "switch", "-qc", "feature")
    commit(root, {OTHER: TEXT})
    assert not list((root / ".git/refs/heads").glob("main"))
    assert has(root / NAME) and has(root / "db/migrations/7.sql")
    assert not has(root / OTHER)


def test_what_origin_calls_its_default_branch(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", {NAME: TEXT}, "trunk")
    git(tmp_path, "clone", "-q", str(origin), "clone")
    clone = tmp_path / "clone"
    git(clone, "switch", "-qc", "feature")
    commit(clone, {OTHER: TEXT})
    assert has(clone / NAME)
    assert not has(clone / OTHER)
    git(clone, "switch", "-q", "trunk")
    commit(clone, {OTHER: TEXT})  # not pushed, but on the branch that is checked out
    assert has(clone / OTHER)


def test_origin_knows_more_than_a_branch_that_was_left_behind(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", {NAME: TEXT})
    git(tmp_path, "clone", "-q", str(origin), "clone")
    clone = tmp_path / "clone"
    commit(origin, {OTHER: TEXT})
    git(clone, "fetch", "-q")
    git(clone, "switch", "-qc", "feature", "origin/main")
    assert has(clone / OTHER)


def test_a_shallow_clone(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", {NAME: TEXT})
    commit(origin, {OTHER: TEXT})
    git(tmp_path, "clone", "-q", "--depth", "1", origin.as_uri(), "clone")
    assert has(tmp_path / "clone" / NAME)
    assert not has(tmp_path / "clone" / NAME, "SELECT 1;\n")


def test_a_worktree_and_a_submodule(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", {NAME: TEXT})
    git(root, "worktree", "add", "-q", "-b", "feature", str(tmp_path / "tree"))
    tree = tmp_path / "tree"
    commit(tree, {OTHER: TEXT})
    assert has(tree / NAME)
    assert not has(tree / OTHER)
    outer = repository(tmp_path / "outer", {"README.md": "x\n"})
    git(outer, "submodule", "add", "-q", str(root), "inner")
    assert has(outer / "inner" / NAME)


def test_objects_that_another_repository_keeps(tmp_path: Path) -> None:
    origin = repository(tmp_path / "origin", {NAME: TEXT})
    git(tmp_path, "clone", "-q", "--shared", str(origin), "clone")
    assert has(tmp_path / "clone" / NAME)


def test_ids_of_the_longer_kind(tmp_path: Path) -> None:
    root = repository(tmp_path, {NAME: TEXT}, "main", "--object-format=sha256")
    assert has(root / NAME)
    assert not has(root / NAME, "SELECT 1;\n")


@pytest.mark.parametrize("text", ["\ufeffé;\n", "a;\r\nb;\r\n", "", "é;"])
def test_marks_and_line_ends(tmp_path: Path, text: str) -> None:
    root = repository(tmp_path, {NAME: text})
    assert has(root / NAME)


def test_line_ends_that_git_turns(tmp_path: Path) -> None:
    root = repository(tmp_path, {NAME: "a;\nb;\n"})
    (root / NAME).write_bytes(b"a;\r\nb;\r\n")
    assert has(root / NAME)


def test_half_a_character_is_no_history(tmp_path: Path) -> None:
    assert not has(repository(tmp_path, {NAME: TEXT}) / NAME, "\ud83d")


def test_links_and_folders_are_no_files(tmp_path: Path) -> None:
    root = repository(tmp_path, {NAME: TEXT})
    (root / OTHER).symlink_to("0001_init.sql")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "A link")
    assert not has(root / OTHER, "0001_init.sql")
    assert not has(root / "db" / "migrations", "")


def test_without_a_repository_or_a_commit(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / NAME
    file.parent.mkdir(parents=True)
    file.write_text(TEXT)
    assert not has(file)
    git(tmp_path, "init", "-q", "-b", "main")
    assert not has(file)
    assert not History().has(Document.open("untitled:1", TEXT, language="sql"))
    assert not caplog.records


BREAKS = {
    "no objects": lambda git: shutil.rmtree(git / "objects"),
    "damaged objects": lambda git: [
        (path.chmod(0o600), path.write_bytes(b"x" * 20))
        for path in (git / "objects").glob("*/*")
        if len(path.name) == 38
    ],
    "no head": lambda git: (git / "HEAD").unlink(),
    "a branch without sense": lambda git: (git / "refs/heads/main").write_bytes(b"nonsense\n"),
    "a missing commit": lambda git: (git / "refs/heads/main").write_bytes(b"1" * 40 + b"\n"),
    "a loop": lambda git: (git / "refs/heads/main").write_bytes(b"ref: refs/heads/main\n"),
    "no folder": lambda git: (shutil.rmtree(git), git.write_text("nothing\n")),
    "another machine": lambda git: (shutil.rmtree(git), git.write_text("gitdir: //host/x\n")),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_repository_is_told_of_once(
    name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = repository(tmp_path, {NAME: TEXT, OTHER: TEXT})
    BREAKS[name](root / ".git")
    caplog.set_level(logging.DEBUG, "backend_expert")
    history = History()
    for file in (root / NAME, root / OTHER):
        assert not history.has(Document.open(file.as_uri(), TEXT, path=str(file)))
        assert not has(file)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "cannot be read" in caplog.records[0].getMessage()


def test_nothing_that_a_repository_says_is_run(tmp_path: Path) -> None:
    root = repository(tmp_path / "root", {NAME: TEXT})
    mark = tmp_path / "mark"
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch '{mark}'\n")
    script.chmod(0o700)
    for key in ("core.fsmonitor", "core.sshCommand", "filter.x.smudge", "filter.x.clean"):
        git(root, "config", key, str(script))
    (root / ".git" / "info" / "attributes").write_text("* filter=x\n")
    assert has(root / NAME)
    assert not mark.exists()


def test_a_branch_that_moves(tmp_path: Path) -> None:
    root = repository(tmp_path, {NAME: TEXT})
    tips = Tips()
    assert tips.moved(str(root))  # nobody knows what was before
    assert not tips.moved(str(root))
    git(root, "switch", "-qc", "feature")
    commit(root, {OTHER: TEXT})
    assert not tips.moved(str(root))
    git(root, "branch", "-f", "main", "feature")
    assert tips.moved(str(root))
    assert not tips.moved(str(root))
    shutil.rmtree(root / ".git")
    assert tips.moved(str(root))
