"""SARIF: what the 2.1.0 schema asks for, and what code scanning services read.

The schema's own text is not ours to ship. These checks cover what it requires of the properties
that we write.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from backend_expert.rules import all_rules

from tests.cli.conftest import RULE, Run


@pytest.fixture
def log(shop: Path, run: Run) -> Any:
    return json.loads(run("check", "--format", "sarif").stdout)


def test_the_log_has_one_run_with_its_tool(log: Any) -> None:
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "Backend Expert"
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", driver["semanticVersion"])
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["originalUriBaseIds"]["ROOT"]["uri"].endswith("/")


def test_every_rule_is_described(log: Any) -> None:
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in all_rules()]
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"] and rule["help"]["markdown"].startswith("# ")
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert rule["id"].partition("/")[0] in rule["properties"]["tags"]
        assert len(set(rule["properties"]["tags"])) == len(rule["properties"]["tags"])


def test_weaknesses_form_a_taxonomy(log: Any) -> None:
    run = log["runs"][0]
    (taxonomy,) = run["taxonomies"]
    known = {taxon["id"] for taxon in taxonomy["taxa"]}
    assert taxonomy["name"] == "CWE" and "1088" in known
    assert run["tool"]["driver"]["supportedTaxonomies"] == [{"name": "CWE", "index": 0}]
    for rule in run["tool"]["driver"]["rules"]:
        for relation in rule.get("relationships", ()):
            assert relation["target"]["id"] in known


def test_a_result_has_its_place_and_fix(log: Any) -> None:
    run = log["runs"][0]
    (result,) = run["results"]
    assert result["ruleId"] == RULE
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == RULE
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "app/rates.py", "uriBaseId": "ROOT"}
    assert place["region"] == {"startLine": 5, "startColumn": 12, "endLine": 5, "endColumn": 24}
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"] == place["artifactLocation"]
    (replacement,) = change["replacements"]
    assert replacement["insertedContent"] == {"text": ", timeout=5"}


def test_a_path_is_a_valid_uri(shop: Path, run: Run) -> None:
    (shop / "app" / "rates.py").rename(shop / "app" / "ä b#.py")
    log = json.loads(run("check", "--format", "sarif").stdout)
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "app/%C3%A4%20b%23.py"
