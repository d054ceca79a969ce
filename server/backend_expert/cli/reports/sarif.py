"""`--format sarif`: SARIF 2.1.0, for code scanning services and viewers."""

import os
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

from backend_expert.cli.reports import Counts, Reporter
from backend_expert.cli.reports.json import encoded
from backend_expert.ide.pages import page_of
from backend_expert.ide.report import Place, Remedy, Report
from backend_expert.lint.rule import Rule, Severity
from backend_expert.rules import AREAS, all_rules

Json = dict[str, Any]

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {"error": "error", "warning": "warning", "information": "note", "hint": "note"}
# What GitHub sorts security findings by; the others have none.
_SECURITY = {Severity.ERROR: "8.0", Severity.WARNING: "6.0"}


class Sarif:
    """Collects the results and writes one run at the end."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._results: list[Json] = []

    @cached_property
    def _index(self) -> dict[str, int]:
        return {rule.id: number for number, rule in enumerate(all_rules())}

    def file(self, name: str, reports: tuple[Report, ...]) -> None:
        """The findings of one file."""
        self._results += [self._result(report) for report in reports]

    def end(self, counts: Counts) -> None:
        """Writes the log."""
        weaknesses = sorted({cwe for rule in all_rules() for cwe in rule.cwe})
        run: Json = {
            "tool": {"driver": _driver()},
            "taxonomies": [_taxonomy(weaknesses)],
            "originalUriBaseIds": {"ROOT": {"uri": Path.cwd().as_uri().rstrip("/") + "/"}},
            "columnKind": "unicodeCodePoints",
            "results": self._results,
        }
        log: Json = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
        self._out.write(encoded(log) + "\n")

    def _result(self, report: Report) -> Json:
        result: Json = {
            "ruleId": report.rule,
            "ruleIndex": self._index[report.rule],
            "level": _LEVELS[report.severity],
            "message": {"text": report.message},
            "locations": [{"physicalLocation": _place(report.path, _region(report))}],
        }
        if report.related:
            result["relatedLocations"] = [
                _related(number, place) for number, place in enumerate(report.related, 1)
            ]
        if report.fix is not None:
            result["fixes"] = [_fix(report.path, report.fix)]
        return result


def _driver() -> Json:
    return {
        "name": "Backend Expert",
        "semanticVersion": version("backend-expert-lsp"),
        "rules": [_rule(rule) for rule in all_rules()],
        "supportedTaxonomies": [{"name": "CWE", "index": 0}],
    }


def _rule(rule: Rule) -> Json:
    properties: Json = {
        "tags": [rule.area, *rule.tags, *(f"external/cwe/cwe-{n:03}" for n in rule.cwe)],
        "area": AREAS[rule.area],
        "precision": "high",
    }
    if rule.area == "security" and rule.severity in _SECURITY:
        properties["security-severity"] = _SECURITY[rule.severity]
    described: Json = {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.replace("/", "-").split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.page.partition("\n\n")[0].replace("\n", " ")},
        "help": {"text": rule.page, "markdown": page_of(rule)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity.word]},
        "properties": properties,
    }
    if rule.formerly:
        described["deprecatedIds"] = list(rule.formerly)
    if rule.cwe:
        described["relationships"] = [
            {
                "target": {"id": str(n), "toolComponent": {"name": "CWE", "index": 0}},
                "kinds": ["superset"],
            }
            for n in rule.cwe
        ]
    return described


def _taxonomy(weaknesses: list[int]) -> Json:
    return {
        "name": "CWE",
        "organization": "MITRE",
        "informationUri": "https://cwe.mitre.org/",
        "shortDescription": {"text": "The MITRE Common Weakness Enumeration"},
        "taxa": [
            {"id": str(n), "helpUri": f"https://cwe.mitre.org/data/definitions/{n}.html"}
            for n in weaknesses
        ],
    }


def _region(report: Report) -> Json:
    return {
        "startLine": report.line,
        "startColumn": report.column,
        "endLine": report.end_line,
        "endColumn": report.end_column,
    }


def _place(path: str, region: Json) -> Json:
    return {"artifactLocation": _artifact(path), "region": region}


def _artifact(path: str) -> Json:
    if os.path.isabs(path):
        return {"uri": Path(path).as_uri()}
    data = path.encode("utf-8", "surrogateescape")
    return {"uri": quote(data), "uriBaseId": "ROOT"}


def _related(number: int, place: Place) -> Json:
    return {
        "id": number,
        "message": {"text": place.message},
        "physicalLocation": _place(
            place.path, {"startLine": place.line, "startColumn": place.column}
        ),
    }


def _fix(path: str, fix: Remedy) -> Json:
    replacements: list[Json] = [
        {
            "deletedRegion": {
                "startLine": edit.line,
                "startColumn": edit.column,
                "endLine": edit.end_line,
                "endColumn": edit.end_column,
            },
            "insertedContent": {"text": edit.text},
        }
        for edit in fix.edits
    ]
    return {
        "description": {"text": fix.title},
        "artifactChanges": [{"artifactLocation": _artifact(path), "replacements": replacements}],
    }


def make(out: TextIO, *, is_quiet: bool) -> Reporter:
    """A SARIF reporter."""
    return Sarif(out)
