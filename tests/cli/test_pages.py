"""`explain`, `rules`, and the door itself."""

import json

import pytest
from backend_expert.rules import AREAS, all_rules

from tests.cli.conftest import RULE, Run


@pytest.mark.parametrize("name", [RULE, "http-call-no-timeout"])
def test_explain_prints_the_page(run: Run, name: str) -> None:
    answer = run("explain", name)
    assert answer.exit_code == 0
    assert answer.stdout.startswith("# HTTP call without a timeout\n")
    assert "^^^^^^^^^^^^ no timeout" in answer.stdout


def test_explain_knows_the_nearest(run: Run) -> None:
    answer = run("explain", "errors/http-call-no-timout")
    assert answer.exit_code == 2
    assert answer.stderr == f"There is no rule errors/http-call-no-timout. Did you mean {RULE}?\n"


def test_explain_points_to_the_list(run: Run) -> None:
    assert "`backend-expert rules` lists them all" in run("explain", "xyzzy").stderr


def test_rules_are_listed_by_area(run: Run) -> None:
    words = run("rules").stdout
    for rule in all_rules():
        assert f"  {rule.id} " in words
    heads = [title for title in AREAS.values() if f"{title} (" in words]
    assert heads == sorted(heads, key=words.index)


def test_rules_as_json(run: Run) -> None:
    rows = json.loads(run("rules", "errors", "--json").stdout)
    assert {row["area"] for row in rows} == {"errors"}
    assert RULE in {row["id"] for row in rows}


def test_rules_of_an_unknown_area(run: Run) -> None:
    assert run("rules", "speed").exit_code == 2


def test_a_mistyped_command_is_answered_with_the_nearest(run: Run) -> None:
    answer = run("chekc")
    assert answer.exit_code == 2
    assert "Did you mean 'check'?" in answer.stderr


def test_help_names_the_commands_without_importing_them(run: Run) -> None:
    words = run("--help").stdout
    assert "  check " in words and "  serve " in words


def test_serve_refuses_a_port_that_is_none(run: Run) -> None:
    assert run("serve", "--tcp", "somewhere").exit_code == 2
    assert run("serve", "--tcp", "1", "--stdio").exit_code == 2
