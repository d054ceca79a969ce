"""Asks the type checker about changes: one that it refuses is noticed, with no example."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# What it says of code that is left over after a change proves nothing.
_PLAIN = ("reportUnused", "reportUnnecessary", "reportPrivate", "reportMissing", "reportUntyped")


def refused(texts: Sequence[tuple[str, str]]) -> list[bool]:
    """Whether the type checker refuses a changed text more than the one it was made of.

    texts: pairs of a module's text and its change, both as they are to be parsed.
    """
    if not texts:
        return []
    with tempfile.TemporaryDirectory() as folder:
        names: dict[str, str] = {}
        for pair in texts:
            for text in pair:
                if text not in names:
                    names[text] = f"m{len(names)}.py"
                    (Path(folder) / names[text]).write_text(text, "utf-8")
        settings = {"strict": ["."], "pythonVersion": "3.11", "reportMissingModuleSource": False}
        (Path(folder) / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
        said = _pyright(folder)
    return [bool(said.get(names[new], set()) - said.get(names[old], set())) for old, new in texts]


def _pyright(folder: str) -> dict[str, set[str]]:
    command = [
        sys.executable,
        "-m",
        "pyright",
        "--outputjson",
        "--pythonpath",
        sys.executable,
        "-p",
        folder,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said: dict[str, set[str]] = {}
    found: list[dict[str, Any]] = json.loads(done.stdout)["generalDiagnostics"]
    for one in found:
        if one["severity"] == "error" and not one.get("rule", "").startswith(_PLAIN):
            said.setdefault(Path(one["file"]).name, set()).add(one["message"])
    return said
