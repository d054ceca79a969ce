"""`check`: exit codes, formats, places, and what it says when something is wrong."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from backend_expert.cli.main import cli
from backend_expert.cli.reports.text import wants_colour
from backend_expert.ide.scan import Checker
from click.testing import CliRunner
from inline_snapshot import snapshot

from tests.cli.conftest import BAD, RULE, Run


def test_text_shows_the_code_with_carets(shop: Path, run: Run) -> None:
    answer = run("check", "app", "--quiet")
    assert answer.exit_code == 1
    assert answer.stdout == snapshot("""\
app/rates.py:5:12 warning no timeout: a stalled server holds this worker for ever errors/http-call-no-timeout
 5 │     return requests.get(url).json()
   │            ^^^^^^^^^^^^
   + Wait at most 5 seconds (--fix makes it)

""")


def test_the_summary_counts_by_area(shop: Path, run: Run) -> None:
    words = run("check").stdout
    assert "1 finding in 1 file (checked 2 files, 12 lines, " in words
    assert "\nerrors 1\n1 finding can be mended with --fix.\n" in words


def test_nothing_found_is_said_and_ends_with_0(shop: Path, run: Run) -> None:
    answer = run("check", "app/well.py")
    assert answer.exit_code == 0
    assert answer.stdout.startswith("Nothing found in 1 file, ")


def test_json(shop: Path, run: Run) -> None:
    answer = run("check", "--format", "json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout) == snapshot(
        [
            {
                "path": "app/rates.py",
                "line": 5,
                "column": 12,
                "end_line": 5,
                "end_column": 24,
                "rule": "errors/http-call-no-timeout",
                "area": "errors",
                "severity": "warning",
                "message": "no timeout: a stalled server holds this worker for ever",
                "cwe": [1088],
                "related": [],
                "fix": {
                    "title": "Wait at most 5 seconds",
                    "is_sure": True,
                    "edits": [
                        {
                            "line": 5,
                            "column": 28,
                            "end_line": 5,
                            "end_column": 28,
                            "text": ", timeout=5",
                        }
                    ],
                },
            }
        ]
    )


def test_json_of_nothing_is_an_empty_list(shop: Path, run: Run) -> None:
    assert json.loads(run("check", "app/well.py", "--format", "json").stdout) == []


def test_columns_count_code_points(shop: Path, run: Run) -> None:
    (shop / "app" / "rates.py").write_text(BAD.replace("return", 'x = "🙂é"; return'), "utf-8")
    (found,) = json.loads(run("check", "--format", "json").stdout)
    assert (found["column"], found["end_column"]) == (12 + 10, 24 + 10)


def test_a_path_outside_the_current_folder_is_absolute(
    shop: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop / "app")
    (shop / "other.py").write_text(BAD)
    (found,) = json.loads(run("check", "../other.py", "--format", "json").stdout)
    assert found["path"] == (shop / "other.py").as_posix()


def test_github(shop: Path, run: Run) -> None:
    assert run("check", "--format", "github").stdout == snapshot(
        "::warning file=app/rates.py,line=5,endLine=5,col=12,endColumn=24,"
        "title=errors/http-call-no-timeout::no timeout: a stalled server holds this worker for ever\n"
    )


def test_github_escapes_what_would_end_a_command(shop: Path, run: Run) -> None:
    (shop / "a,b:c%.py").write_text(BAD)
    assert "file=a%2Cb%3Ac%25.py,line" in run("check", "--format", "github").stdout


def test_output_goes_to_a_file(shop: Path, run: Run) -> None:
    answer = run("check", "--format", "json", "--output", "found.json")
    assert answer.stdout == ""
    assert len(json.loads((shop / "found.json").read_text())) == 1


def test_ignored_rules_are_not_run(shop: Path, run: Run) -> None:
    assert run("check", "--ignore", RULE).exit_code == 0
    assert run("check", "--select", "security,testing").exit_code == 0


def test_an_unknown_rule_is_answered_with_the_nearest(shop: Path, run: Run) -> None:
    answer = run("check", "--select", "errors/http-call-no-timout")
    assert answer.exit_code == 2
    assert f"did you mean `{RULE}`?" in answer.stderr


def test_a_path_that_is_not_there_fails_and_the_rest_goes_on(shop: Path, run: Run) -> None:
    answer = run("check", "gone.py", "app")
    assert answer.exit_code == 2
    assert "error: gone.py: no such file or directory" in answer.stderr
    assert "app/rates.py:5:12" in answer.stdout


def test_a_file_that_fails_is_reported_and_the_rest_goes_on(
    shop: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = Checker.check

    def failing(self: Checker, path: str) -> object:
        if path.endswith("well.py"):
            raise RuntimeError("broken")
        return check(self, path)

    monkeypatch.setattr(Checker, "check", failing)
    answer = run("check")
    assert answer.exit_code == 2
    assert "error: app/well.py: RuntimeError: broken" in answer.stderr
    assert "app/rates.py:5:12" in answer.stdout


def test_settings_are_kept_and_wrong_ones_told(shop: Path, run: Run) -> None:
    (shop / ".backend-expert.toml").write_text(
        'selekt = ["errors"]\n[severity]\nerrors = "error"\n[per-path]\n"app/" = 1\n'
    )
    answer = run("check")
    assert " error no timeout" in answer.stdout
    assert answer.stderr.splitlines() == [
        "settings: .backend-expert.toml:1: unknown setting `selekt`; did you mean `select`?",
        "settings: .backend-expert.toml:5: `app/` must be a table of settings",
    ]


def test_excluded_folders_are_not_checked(shop: Path, run: Run) -> None:
    (shop / "pyproject.toml").write_text('[tool.backend-expert]\nexclude = ["app/"]\n')
    assert run("check").exit_code == 0
    assert run("check", "app/rates.py").exit_code == 1, "a file named outright is checked"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\0\1\2" * 100, "binary data"),
        (b"x = 1\n" * 400_000, "over 2 MB"),
        (b"x = '" + b"y" * 30_000 + b"'\n", "minified"),
    ],
)
def test_what_is_no_source_is_told(shop: Path, run: Run, data: bytes, said: str) -> None:
    (shop / "app" / "odd.py").write_bytes(data)
    answer = run("check", "app/odd.py")
    assert answer.exit_code == 0
    assert said in answer.stderr


def test_bytes_that_are_no_utf8_are_printed_as_they_can_be(shop: Path, run: Run) -> None:
    (shop / "app" / "rates.py").write_bytes(BAD.encode().replace(b"(url).", b"(b'\xff').", 1))
    (shop / "app" / "rates.py").write_bytes(
        b"name = '\xff'; " + BAD.encode().replace(b"\n", b";", 1)
    )
    for form in ("text", "json", "sarif", "github"):
        answer = run("check", "--format", form)
        assert answer.exit_code == 1, answer.output


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "out", "wanted"),
    [
        ({}, Terminal(), True),
        ({}, io.StringIO(), False),
        ({"NO_COLOR": "1"}, Terminal(), False),
        ({"TERM": "dumb"}, Terminal(), False),
        ({"FORCE_COLOR": "1"}, io.StringIO(), True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, Terminal(), False),
    ],
)
def test_colour_is_for_terminals(
    environment: dict[str, str], out: io.StringIO, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert wants_colour(out) is wanted


def test_the_installed_command_starts_fast_and_ends_with_its_code(shop: Path) -> None:
    command = [str(Path(sys.executable).with_name("backend-expert")), "check", "--select", RULE]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "CI": "1"})
    assert (done.returncode, done.stderr) == (1, "")
    assert "app/rates.py:5:12" in done.stdout


def test_two_processes_give_what_one_gives(shop: Path, run: Run) -> None:
    words = "words\n" * 20_000
    for number in range(6):
        (shop / "app" / f"m{number:02}.py").write_text(f'{BAD}\nX = """{words}"""\n')
    one = run("check", "--format", "json", "--jobs", "1").stdout
    assert run("check", "--format", "json", "--jobs", "2").stdout == one
    assert [found["path"] for found in json.loads(one)][:2] == ["app/m00.py", "app/m01.py"]


def test_a_service_without_a_manifest_is_still_one(shop: Path, run: Run) -> None:
    route = "import time\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/')\n"
    (shop / "app" / "main.py").write_text(f"{route}async def home():\n    time.sleep(1)\n")
    rule = "performance/blocking-call-in-async"
    result = run("check", "app/main.py", "--select", rule)
    assert "app/main.py:9:5" in result.output


def test_what_is_left_to_another_linter_is_said_once(shop: Path) -> None:
    (shop / "ruff.toml").write_text('lint.select = ["S113"]\n')
    done = CliRunner().invoke(cli, ["check"])
    assert done.stderr.count("left to linters") == 1
    assert f"{RULE} (ruff S113)" in done.stderr
    assert RULE not in done.stdout
    assert "left to linters" not in CliRunner().invoke(cli, ["check", "-q"]).stderr
    named = CliRunner().invoke(cli, ["check", "--select", RULE])
    assert RULE in named.stdout and "left to linters" not in named.stderr
