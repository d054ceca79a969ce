"""The specs in one Emacs, with a home of its own, on a shop of its own."""

import json
import os
import re
import subprocess
from pathlib import Path

from tests.editors import answers, figures
from tests.support.messages_api import MessagesApi

HERE = Path(__file__).parent


def test_specs(emacs: Path, server: Path, shop: Path, tmp_path: Path) -> None:
    run(emacs, "specs", server, shop, tmp_path)


def test_with_a_model(
    emacs: Path, server: Path, shop: Path, tmp_path: Path, api: MessagesApi
) -> None:
    run(emacs, "model", server, shop, tmp_path, **answers.access(api))


def run(emacs: Path, specs: str, server: Path, shop: Path, home: Path, **more: str) -> None:
    """Runs a file of specs; what they measured is kept for the report."""
    loaded = [word for name in ("harness", specs) for word in ("-l", str(HERE / f"{name}.el"))]
    own = {"HOME": str(home), "XDG_STATE_HOME": str(home / "state"), "BACKEND_EXPERT": str(server)}
    done = subprocess.run(
        [emacs, "--batch", "-L", HERE, *loaded, "-f", "ert-run-tests-batch-and-exit"],
        cwd=shop,
        env={**os.environ, **own, **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=240,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    ran = re.search(r"Ran (\d+) tests, \1 results as expected", said)
    written = (HERE / f"{specs}.el").read_text().count("ert-deftest")
    assert ran is not None and int(ran[1]) == written
    for line in re.findall(r"^FIGURE (.+)$", said, re.MULTILINE):
        figure = json.loads(line)
        figures.note("Emacs", figure["name"], figure["times"])
