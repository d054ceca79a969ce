"""Helix, from a newer Debian suite into a folder of its own."""

import shlex
from functools import partial
from pathlib import Path

from tests.editors.install import debian
from tests.editors.install.store import made_once, run


def install(suite: str = debian.NEWER) -> Path:
    """The program to start, which needs nothing set."""
    return made_once(f"helix-{suite}", partial(_make, suite)) / "hx"


def _make(suite: str, folder: Path) -> None:
    debian.unpack(folder, "hx", suite=suite)
    program = debian.rooted(folder, "hx")
    runtime = folder / "usr" / "lib" / "hx" / "runtime"
    script = folder / "hx"
    script.write_text(
        f"#!/bin/sh\nexport HELIX_RUNTIME={shlex.quote(str(runtime))}\n"
        f'exec {shlex.quote(str(program))} "$@"\n',
        "utf-8",
    )
    script.chmod(0o755)
    run([script, "--version"])


if __name__ == "__main__":
    print(install())
