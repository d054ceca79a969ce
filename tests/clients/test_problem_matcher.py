"""The problem matcher of the VS Code extension reads what `check` really prints."""

import json
import re
import subprocess
import sys

from tests.support.editor import SHOP
from tests.support.tools import ROOT

PACKAGE = ROOT / "clients" / "vscode" / "package.json"
# The words that the editor knows; what it does not know it takes for an error.
SEVERITIES = {"error": "error", "warning": "warning", "information": "info", "hint": "hint"}
Told = tuple[str, int, int, str, str, str]


def test_every_finding_is_read_as_the_one_that_it_is() -> None:
    (matcher,) = json.loads(PACKAGE.read_text("utf-8"))["contributes"]["problemMatchers"]
    pattern = matcher["pattern"]
    found = [m for line in printed("text").splitlines() if (m := re.match(pattern["regexp"], line))]
    keys = ("file", "line", "column", "severity", "message", "code")
    read = [tuple(match[pattern[key]] for key in keys) for match in found]
    assert [(f, int(line), int(column), *rest) for f, line, column, *rest in read] == told()


def told() -> list[Told]:
    return [
        (
            one["path"],
            one["line"],
            one["column"],
            SEVERITIES[one["severity"]],
            one["message"],
            one["rule"],
        )
        for one in json.loads(printed("json"))
    ]


def printed(format: str) -> str:
    command = [sys.executable, "-m", "backend_expert.cli", "check", ".", "--format", format]
    done = subprocess.run(command, cwd=SHOP, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    return done.stdout
