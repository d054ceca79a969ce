"""What jedi must leave alone in the process that it shares with the server."""

import sys
from pathlib import Path
from typing import Any

import jedi
import parso.cache
import pytest
from backend_expert.languages.python import lookup
from backend_expert.languages.python.lookup import Defined, defined_at
from backend_expert.languages.python.same_process import Environment

TEXT = "from rates import rate\n\nrate(1)\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "rates.py").write_text("def rate(of):\n    return 1.2\n")
    return tmp_path


def asked(project: Path) -> list[Defined]:
    return defined_at(TEXT, str(project / "orders.py"), str(project), [(2, 0)])


class Watch:
    """Stands among the finders of modules, which jedi asks too: what `sys.path` is then."""

    def __init__(self) -> None:
        self.seen: list[list[str]] = []

    def find_spec(self, *_of: Any) -> None:
        self.seen.append(list(sys.path))


def test_the_projects_folder_is_never_where_the_server_imports_from(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch()
    monkeypatch.setattr(sys, "meta_path", [watch, *sys.meta_path])
    before = list(sys.path)
    assert asked(project) == [Defined(str(project / "rates.py"), "rate")]
    assert watch.seen
    assert all(path == before for path in watch.seen)


def test_no_module_of_the_project_is_loaded(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(project), *sys.path])
    state = jedi.Script("", environment=Environment())._inference_state
    assert state.compiled_subprocess.load_module(dotted_name="builtins", sys_path=[])
    assert state.compiled_subprocess.load_module(dotted_name="rates", sys_path=[]) is None
    assert "rates" not in sys.modules


def test_a_tree_that_was_kept_half_is_read_anew(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    monkeypatch.setattr(jedi.settings, "cache_directory", str(kept))
    text = "from rates import rate\n\n''.join([])\nrate(2)\n"
    path = str(project / "orders.py")

    def cold() -> list[Defined]:
        parso.cache.parser_cache.clear()
        return defined_at(text, path, str(project), [(2, 4), (3, 0)])

    assert cold()
    trees = list(kept.rglob("*.pkl"))
    assert trees
    for tree in trees:
        tree.write_bytes(tree.read_bytes()[:100])
    lookup._script.cache_clear()  # pyright: ignore[reportPrivateUsage]
    assert cold() == [Defined(str(project / "rates.py"), "rate")]
    assert all(tree.stat().st_size > 100 for tree in trees)


def test_a_jedi_that_cannot_be_asked_is_told_and_gives_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_of: str) -> None:
        raise AttributeError("_load_from_file_system")

    monkeypatch.setattr(lookup, "_script", broken)
    assert asked(project) == []
    assert "jedi cannot be asked: AttributeError" in caplog.text
