"""The VS Code extension: its types hold, its own tests pass, its bundles are small.

They need Node. Where there is none they are left out, but never in CI.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.tools import ROOT

FOLDER = ROOT / "clients" / "vscode"
LARGEST = 1_000_000


@pytest.fixture(scope="module")
def npm() -> str:
    """npm, with the packages installed that the lock file names."""
    found = shutil.which("npm")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have Node")
        pytest.skip("there is no Node here, so the VS Code extension is not tested")
    installed = FOLDER / "node_modules" / ".package-lock.json"
    lock = FOLDER / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        run([found, "ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        installed.touch()
    return found


def run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"


def test_types_hold(npm: str) -> None:
    run([npm, "run", "--silent", "check"])


def test_its_own_tests_pass(npm: str) -> None:
    run([npm, "run", "--silent", "test"])


def test_the_bundles_are_small_and_name_their_licences(npm: str) -> None:
    run([npm, "run", "--silent", "build"])
    dist = FOLDER / "dist"
    bundles = [dist / f"{name}.js" for name in ("extension", "answers", "map")]
    assert sum(path.stat().st_size for path in bundles) < LARGEST
    assert "vscode-languageclient" in (dist / "licenses.txt").read_text("utf-8")


def test_every_file_has_one_job_and_says_it() -> None:
    for path in sorted((FOLDER / "src").rglob("*.ts")):
        text = path.read_text("utf-8")
        assert text.startswith(("/**", "// Generated")), f"{path}: say what the file is for"
        assert text.startswith("// ") or text.count("\n") <= 220, f"{path} is long: split it"


def test_a_lock_file_names_no_registry() -> None:
    assert "resolved" not in (FOLDER / "package-lock.json").read_text("utf-8")


def test_every_file_that_the_manifest_names_is_there() -> None:
    text = (FOLDER / "package.json").read_text("utf-8")
    named = {part for part in text.split('"') if part.startswith("media/")}
    assert named
    assert [name for name in sorted(named) if not Path(FOLDER, name).is_file()] == []
