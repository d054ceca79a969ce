"""Which files are found: endings, ignore files, links, and what cannot be read."""

import os
from pathlib import Path

import pytest
from backend_expert.workspace.files import Skipped, find_files, root_of


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


def found(root: Path, *paths: str) -> list[str]:
    listing = find_files([str(root / path) for path in paths or ("",)], root=str(root))
    return [os.path.relpath(path, root) for path in listing.files]


def test_known_endings_in_a_stable_order(tmp_path: Path) -> None:
    make(tmp_path, "b.py", "a.ts", "c/z.sql", "c/a.jsx", "readme.md", "Makefile", "c/d/e.py")
    assert found(tmp_path) == ["a.ts", "b.py", "c/a.jsx", "c/z.sql", "c/d/e.py"]


def test_a_file_given_twice_is_found_once(tmp_path: Path) -> None:
    make(tmp_path, "a/b.py")
    assert found(tmp_path, "a/b.py", "a", "") == ["a/b.py"]


def test_gitignore_files_nest_and_the_deepest_decides(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "gen/a.py", "gen/keep/b.py", "app/gen/a.py", "app/x.py", "app/y.py")
    (tmp_path / ".gitignore").write_text("gen/*\n!gen/keep/\n/a.py\nx.py\n")
    (tmp_path / "app" / ".gitignore").write_text("!x.py\ny.py\n")
    assert found(tmp_path) == ["app/x.py", "app/gen/a.py", "gen/keep/b.py"]


def test_our_own_ignore_file_has_the_last_word(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "b.py")
    (tmp_path / ".gitignore").write_text("a.py\n")
    (tmp_path / ".backendexpertignore").write_text("!a.py\nb.py\n")
    assert found(tmp_path) == ["a.py"]


def test_ignore_files_above_the_given_folder_count(tmp_path: Path) -> None:
    make(tmp_path, "app/a.py", "app/b.py")
    (tmp_path / ".gitignore").write_text("app/a.py\n")
    assert found(tmp_path, "app") == ["app/b.py"]


def test_a_file_named_outright_is_checked(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    (tmp_path / ".gitignore").write_text("*.py\n")
    assert found(tmp_path) == []
    assert found(tmp_path, "a.py") == ["a.py"]


def test_vendored_code_is_left_out(tmp_path: Path) -> None:
    make(tmp_path, "node_modules/x/i.js", ".venv/a.py", "static/lib/a.js", "a.min.js", "a.js")
    assert found(tmp_path) == ["a.js"]


def test_folders_above_the_root_say_nothing(tmp_path: Path) -> None:
    root = tmp_path / "node_modules" / "build" / "app"
    make(root, "a.py")
    assert found(root) == ["a.py"]


def test_links_make_no_loop(tmp_path: Path) -> None:
    make(tmp_path, "a/b.py")
    (tmp_path / "a" / "loop").symlink_to("..", target_is_directory=True)
    (tmp_path / "a" / "self.py").symlink_to("self.py")
    (tmp_path / "a" / "dangling.py").symlink_to("gone.py")
    (tmp_path / "a" / "linked.py").symlink_to("b.py")
    assert found(tmp_path) == ["a/b.py", "a/linked.py"]


def test_what_is_no_file_is_left_out(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    assert found(tmp_path) == []
    listing = find_files([str(tmp_path / "pipe.py")])
    assert [skipped.reason for skipped in listing.skipped] == ["not a regular file"]


def test_what_cannot_be_checked_is_told(tmp_path: Path) -> None:
    make(tmp_path, "notes.md")
    with (tmp_path / "big.py").open("wb") as file:
        file.truncate(50_000_000)
    paths = [str(tmp_path / name) for name in ("notes.md", "big.py", "gone.py")]
    assert find_files(paths).skipped == (
        Skipped(paths[0], "no reader for this kind of file"),
        Skipped(paths[1], "over 2 MB"),
        Skipped(paths[2], "no such file or directory", is_failure=True),
    )
    assert find_files([str(tmp_path)]).skipped == (Skipped(paths[1], "over 2 MB"),)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "closed/b.py")
    (tmp_path / "closed").chmod(0)
    assert found(tmp_path) == ["a.py"]


def test_names_that_are_no_text_are_found(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    make(tmp_path, name, "ä b.py")
    assert found(tmp_path) == sorted(["ä b.py", name])


def test_the_root_is_the_repository_or_the_folder(tmp_path: Path) -> None:
    make(tmp_path, "repo/.git/HEAD", "repo/app/a.py", "loose/b.py")
    assert root_of(str(tmp_path / "repo" / "app" / "a.py")) == str(tmp_path / "repo")
    assert root_of(str(tmp_path / "loose")) == str(tmp_path / "loose")
    assert root_of(str(tmp_path / "loose" / "b.py")) == str(tmp_path / "loose")
