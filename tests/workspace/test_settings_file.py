"""Settings files: the nearest counts; what is wrong is told with file, line and nearest name."""

from pathlib import Path

import pytest
from backend_expert.lint.reading import Elsewhere, Reading
from backend_expert.lint.settings import DEFAULTS, PerPath, Settings
from backend_expert.workspace.settings_file import nearest, read, read_folder

NAMES = ("errors", "security", "errors/http-call-no-timeout", "security/sql-injection")


def told(tmp_path: Path, text: str, name: str = ".backend-expert.toml") -> list[str]:
    path = tmp_path / name
    path.write_text(text)
    file = read(path)
    assert file is not None
    reading = Reading(NAMES).add(file.table, file)
    return [f"{complaint.line}: {complaint.message}" for complaint in reading.complaints]


def settings(table: dict[str, object], *more: dict[str, object]) -> Settings:
    reading = Reading(NAMES)
    for one in (table, *more):
        reading.add(one, Elsewhere("the editor"))
    assert reading.complaints == []
    return reading.settings


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        ('select = ["errors"]\n', []),
        ('# x\nselekt = ["errors"]\n', ["2: unknown setting `selekt`; did you mean `select`?"]),
        ("colour = 1\n", ["1: unknown setting `colour`"]),
        (
            'ignore = [\n  "security/sql-injecton",\n]\n',
            ["1: unknown rule `security/sql-injecton`; did you mean `security/sql-injection`?"],
        ),
        ('ignore = "errors"\n', ["1: `ignore` must be a list of strings"]),
        ('dialect = "oracle"\n', ["1: `dialect` must be postgres, mysql or sqlite, not 'oracle'"]),
        (
            '[severity]\nerrors = "eror"\n',
            ["2: unknown severity `eror`; did you mean `error`?"],
        ),
        (
            "[severity]\nerrors = 1\n",
            ["2: unknown severity `1`; one of error, warning, information, hint"],
        ),
        ("severity = 1\n", ["1: `severity` must be a table of rules and severities"]),
        ("per-path = []\n", ["1: `per-path` must be a table of patterns"]),
        (
            '[per-path."a/**"]\nignor = ["errors"]\n',
            ["2: unknown setting `ignor`; did you mean `ignore`?"],
        ),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, complaints: list[str]) -> None:
    assert told(tmp_path, text) == complaints


def test_lines_in_pyproject_are_those_of_our_table(tmp_path: Path) -> None:
    text = '[project]\nselect = 1\n\n[tool.backend-expert]\nselect = 1\n[tool.backend-expert.severity]\nx = "hint"\n'
    assert told(tmp_path, text, "pyproject.toml") == [
        "5: `select` must be a list of strings",
        "7: unknown rule `x`",
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a = [\n'x'\n", 3, "not valid TOML: unclosed array"),
        ("a = 1\na = 2\n", 2, "not valid TOML"),
    ],
)
def test_broken_toml_is_told(tmp_path: Path, text: str, line: int, words: str) -> None:
    (tmp_path / ".backend-expert.toml").write_text(text)
    file = read_folder(str(tmp_path))
    assert file is not None and file.complaint is not None
    assert file.complaint.line == line
    assert file.complaint.message.startswith(words)
    assert file.table == {}


def test_a_pyproject_without_our_table_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "backend-expert"\n')
    assert read_folder(str(tmp_path)) is None


def test_a_table_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\nbackend-expert = 1\n")
    file = read_folder(str(tmp_path))
    assert file is not None and file.complaint is not None


def test_the_nearest_file_up_to_the_root_counts(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (tmp_path / ".backend-expert.toml").write_text("")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.backend-expert]\n")

    def folder_of(folder: Path, root: Path) -> str | None:
        file = nearest(str(folder), str(root), {})
        return file.folder if file else None

    assert folder_of(deep, tmp_path) == str(tmp_path / "a")
    assert folder_of(tmp_path, tmp_path) == str(tmp_path)
    assert folder_of(deep, tmp_path / "a" / "b") is None
    (tmp_path / "a" / ".backend-expert.toml").write_text("")
    file = nearest(str(deep), str(tmp_path), {})
    assert file is not None and file.path.endswith("a/.backend-expert.toml")


def test_later_tables_stand_above_earlier_ones() -> None:
    found = settings(
        {"select": ["errors"], "severity": {"errors": "hint"}, "dialect": "mysql"},
        {"select": ["security"], "severity": {"security": "error"}},
    )
    assert found.select == ("security",)
    assert found.severity == {"errors": "hint", "security": "error"}
    assert found.dialect == "mysql"


def test_editors_write_camel_case_and_null() -> None:
    found = settings({"perPath": {"a": {"ignore": ["errors"]}}, "select": None})
    assert found.per_path == {"a": PerPath(ignore=("errors",))}
    assert found.select == DEFAULTS.select


def test_per_path_choices_stand_above_the_general_ones() -> None:
    table: dict[str, object] = {
        "select": ["errors"],
        "per-path": {
            "old/": {"ignore": ["errors"]},
            "old/new/": {"select": ["errors"], "severity": {"errors": "hint"}},
        },
    }
    found = settings(table)
    assert found.at(found.patterns_for("a.py")) is found
    old = found.at(found.patterns_for("old/a.py"))
    assert (old.select, old.ignore) == ((), ("errors",))
    new = found.at(found.patterns_for("old/new/a.py"))
    assert (new.select, new.ignore, new.severity) == (("errors",), (), {"errors": "hint"})


def test_exclude_speaks_of_files_and_folders() -> None:
    found = settings({"exclude": ["legacy/", "*_old.py"]})
    assert found.excludes("legacy/")
    assert found.excludes("app/a_old.py")
    assert not found.excludes("app/a.py")
