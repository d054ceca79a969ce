"""The store of the editors: what is made once stays, what broke in the middle is made again."""

from pathlib import Path

import pytest

from tests.editors.install import debian, store


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BACKEND_EXPERT_EDITORS", str(tmp_path / "editors"))
    return tmp_path / "editors"


def test_what_is_there_is_not_made_again(elsewhere: Path) -> None:
    made: list[Path] = []
    assert store.made_once("one", made.append) == elsewhere / "one"
    assert store.made_once("one", made.append) == elsewhere / "one"
    assert made == [elsewhere / "one"]


def test_what_broke_in_the_middle_is_made_anew() -> None:
    def breaks(folder: Path) -> None:
        (folder / "half").touch()
        raise store.Unavailable("no network")

    with pytest.raises(store.Unavailable):
        store.made_once("one", breaks)
    assert list(store.made_once("one", lambda folder: None).glob("half")) == []


def test_a_command_that_fails_says_what_it_said() -> None:
    with pytest.raises(store.Unavailable, match="No such file"):
        store.run(["ls", "/nowhere"])


def test_another_platform_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: {"ID": "fedora"})
    with pytest.raises(debian.NotDebian, match="another platform"):
        debian.in_system("no-such-editor", "no-such-editor")
    with pytest.raises(debian.NotDebian):
        debian.unpack(Path("/nowhere"), "no-such-editor")
