"""Scans: results in order, and no file takes another down with it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from backend_expert.workspace.scan import scan

Work = Callable[[str], str]


def make() -> Work:
    """The work that tests do: a file's name tells what happens to it."""
    return work


def work(path: str) -> str:
    name = Path(path).name
    if "dies" in name:
        os._exit(3)
    if "raises" in name:
        raise ValueError("no good")
    if "hangs" in name:
        while True:
            hash(name)
    return Path(path).read_text()[:1]


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., list[str]]:
    def files(*names: str) -> list[str]:
        for name in names:
            (tmp_path / name).write_text(name[0] * 150_000)
        return [str(tmp_path / name) for name in names]

    return files


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_order(files: Callable[..., list[str]], jobs: int) -> None:
    paths = files("c", "a", "b", "d")
    done: list[int] = []
    outcomes = list(scan(paths, make, jobs=jobs, progress=done.append))
    assert [(o.path, o.value) for o in outcomes] == list(zip(paths, "cabd", strict=True))
    assert done == [1, 2, 3, 4]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_fails_is_told_and_the_rest_goes_on(
    files: Callable[..., list[str]], jobs: int
) -> None:
    paths = files("a", "raises", "b", "c")
    Path(paths[2]).unlink()
    found = [(o.value, o.error) for o in scan(paths, make, jobs=jobs)]
    assert found == [
        ("a", ""),
        (None, "ValueError: no good"),
        (None, "no such file or directory"),
        ("c", ""),
    ]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_that_hangs_is_given_up(files: Callable[..., list[str]], jobs: int) -> None:
    paths = files("a", "hangs", "b")
    found = [(o.value, o.error) for o in scan(paths, make, jobs=jobs, seconds=0.2)]
    assert found == [("a", ""), (None, "not checked within 0.2 s"), ("b", "")]


def test_a_process_that_dies_costs_one_file(files: Callable[..., list[str]]) -> None:
    paths = files("a", "b", "dies", "c")
    found = [(o.value, o.error) for o in scan(paths, make, jobs=2)]
    assert found == [("a", ""), ("b", ""), (None, "the process that checked it died"), ("c", "")]


def test_a_scan_can_be_left_early(files: Callable[..., list[str]]) -> None:
    outcomes = scan(files("a", "b", "c"), make, jobs=2)
    assert next(outcomes).value == "a"
    outcomes.close()  # pyright: ignore[reportAttributeAccessIssue]


def test_nothing_to_do_is_done(files: Callable[..., list[str]]) -> None:
    assert list(scan([], make)) == []
