"""Answers on disk: whose they are, and how long they stay."""

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from backend_expert.lsp.answers.kept_files import STAY, folder


@pytest.fixture(autouse=True)
def new_session() -> Iterator[None]:
    folder.cache_clear()
    yield
    folder.cache_clear()


def test_a_session_has_a_folder_that_only_its_user_may_read(user: Path) -> None:
    ours = folder()
    assert ours.parent == user / "cache" / "backend-expert" / "answers"
    assert os.name == "nt" or stat.S_IMODE(ours.stat().st_mode) == 0o700
    assert folder() == ours


def test_the_answers_of_old_sessions_are_dropped(user: Path) -> None:
    old, late = folder(), time.time() - STAY
    (old / "explain-1.md").write_text("old")
    folder.cache_clear()
    new = folder()
    (new / "explain-1.md").write_text("new")
    os.utime(old, (late - 10, late - 10))
    os.utime(new, (late + 60, late + 60))
    folder.cache_clear()
    assert {path for path in folder().parent.iterdir()} == {new, folder()}


def test_a_cache_that_may_not_be_written_costs_no_answer(user: Path, tmp_path: Path) -> None:
    (user).mkdir()
    (user / "cache").write_text("a file, where a folder should be")
    assert folder().is_dir() and user not in folder().parents
