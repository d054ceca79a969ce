"""The demo runs, shows each station once, and fits its width."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

from tests.support.tools import ROOT

STATIONS = ["Open the file", "Type", "Hover", "Light bulb", "Ask the expert", "Let it rewrite"]


def demo(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "backend_expert.cli", "demo", *arguments],
        cwd=cwd,
        env=os.environ | {"COLUMNS": "40", "PYTHONIOENCODING": "utf-8"} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_demo_without_a_terminal() -> None:
    started = time.monotonic()
    done = demo()
    assert time.monotonic() - started < 15
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.split("\n")
    assert [line.partition("  ──")[0] for line in lines if "  ──" in line] == STATIONS
    assert max(map(len, lines)) <= 100
    assert not any(line != line.rstrip() for line in lines)
    assert "\n\n\n" not in done.stdout
    assert "\x1b" not in done.stdout
    for words in (
        "security/sql-injection",
        "★ Bind the value as a parameter",
        "Runs a query that reads up to :limit products",
        "+            \" @@ plainto_tsquery('english', :q)\"",
        "none of them new",
    ):
        assert words in done.stdout
    said = [line for line in lines if len(line) > 60 and not line.lstrip().startswith(("-", "+"))]
    assert len(said) == len(set(said)), "something is printed twice"
    found, left = re.findall(r"(\d+) findings before, (\d+) after", done.stdout)[0]
    assert int(left) < int(found)


def test_the_demo_in_colours_and_as_a_picture(tmp_path: Path) -> None:
    picture = tmp_path / "demo.svg"
    done = demo("--picture", str(picture), FORCE_COLOR="1", TERM="xterm-256color")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b[" in done.stdout
    root = ElementTree.parse(picture).getroot()
    shown = "".join(root.itertext()).replace("\xa0", " ")
    assert "none of them new" in shown and "Light bulb" not in shown
    assert "url(http" not in picture.read_text("utf-8")


def test_the_demo_from_elsewhere_and_of_what_is_not_there(tmp_path: Path) -> None:
    assert demo(cwd=tmp_path).returncode == 0
    done = demo(str(tmp_path))
    assert done.returncode == 2
    assert "There is no" in done.stderr


def test_the_picture_of_the_readme_is_there() -> None:
    assert "server/docs/demo.svg" in (ROOT / "README.md").read_text("utf-8")
    ElementTree.parse(ROOT / "server" / "docs" / "demo.svg")
