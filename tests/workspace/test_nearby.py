"""The nearer part of a project: what is seen of it, in which order, and where it ends."""

from pathlib import Path

import pytest
from backend_expert.workspace.nearby import Nearby


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("b.py", "a.py", "src/c.py", "src/deep/d.py", "node_modules/x.js"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def nearby(root: Path, deepest: int = 9, most: int = 99) -> Nearby:
    return Nearby(str(root), deepest, most, lambda name: name == "node_modules")


def names(found: Nearby) -> list[tuple[int, str]]:
    return [(depth, entry.name) for depth, entry in found.files()]


def test_files_come_by_depth_and_name(root: Path) -> None:
    found = nearby(root)
    assert names(found) == [(0, "a.py"), (0, "b.py"), (1, "c.py"), (2, "d.py")]
    assert found.is_whole


@pytest.mark.parametrize(("deepest", "most"), [(2, 99), (9, 3)])
def test_what_is_too_deep_or_too_much_is_left_out_and_known_to_be(
    root: Path, deepest: int, most: int
) -> None:
    found = nearby(root, deepest, most)
    assert (2, "d.py") not in names(found) and not found.is_whole


def test_a_link_to_a_folder_above_is_no_way_round(root: Path) -> None:
    (root / "src" / "loop").symlink_to(root, target_is_directory=True)
    assert names(nearby(root)) == [(0, "a.py"), (0, "b.py"), (1, "c.py"), (1, "loop"), (2, "d.py")]


def test_a_root_that_vanished_has_no_files(root: Path) -> None:
    assert names(nearby(root / "gone")) == []
