"""The specs in one Emacs, with a home of its own, on a shop of its own."""

import json
import os
import re
import subprocess
from pathlib import Path

from tests.editors import figures

HERE = Path(__file__).parent


def test_specs(emacs: Path, server: Path, shop: Path, tmp_path: Path) -> None:
    loaded = [word for name in ("harness", "specs") for word in ("-l", str(HERE / f"{name}.el"))]
    done = subprocess.run(
        [emacs, "--batch", "-L", HERE, *loaded, "-f", "ert-run-tests-batch-and-exit"],
        cwd=shop,
        env={**os.environ, "HOME": str(tmp_path), "BACKEND_EXPERT": str(server)},
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
    assert ran is not None and int(ran[1]) == (HERE / "specs.el").read_text().count("ert-deftest")
    for line in re.findall(r"^FIGURE (.+)$", said, re.MULTILINE):
        figure = json.loads(line)
        figures.note("Emacs", figure["name"], figure["times"])
