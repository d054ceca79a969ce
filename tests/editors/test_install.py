"""The store of the editors: what is made once stays, what broke in the middle is made again."""

from pathlib import Path

import pytest

from tests.editors.install import debian, store


class Here:
    """A machine with a few programs."""

    def __init__(self, programs: set[str]) -> None:
        self.programs = programs

    def which(self, program: str) -> str | None:
        return f"/usr/bin/{program}" if program in self.programs else None


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


def test_who_may_not_install_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: {"ID": "debian"})
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("tests.editors.install.debian.shutil.which", Here({"apt-get"}).which)
    with pytest.raises(store.Unfit, match="only root may install it: apt-get install one two"):
        debian.in_system("no-such-editor", "one", "two")


def test_a_command_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LONGEST", 0.2)
    with pytest.raises(store.Unavailable, match="took more than"):
        store.run(["sleep", "60"])


def test_another_platform_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: {"ID": "fedora"})
    with pytest.raises(debian.NotDebian, match="another platform"):
        debian.in_system("no-such-editor", "no-such-editor")
    with pytest.raises(debian.NotDebian):
        debian.unpack(Path("/nowhere"), "no-such-editor")
