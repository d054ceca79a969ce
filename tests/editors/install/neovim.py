"""Neovim, from a newer Debian suite into a folder of its own."""

import shlex
from functools import partial
from pathlib import Path

from tests.editors.install import debian
from tests.editors.install.store import made_once, run

OLDEST = "trixie"  # has 0.10, which a person may still use


def install(suite: str = debian.NEWER) -> Path:
    """The program to start, which needs nothing set."""
    return made_once(f"neovim-{suite}", partial(_make, suite)) / "nvim"


def _make(suite: str, folder: Path) -> None:
    debian.unpack(folder, "neovim", suite=suite)
    share = folder / "usr" / "share"
    lua = [*sorted(folder.glob("usr/lib/*/lua/5.1")), *sorted((share / "lua").glob("5.1"))]
    paths = {
        "VIMRUNTIME": str(share / "nvim" / "runtime"),
        "LUA_PATH": "".join(f"{at}/?.lua;{at}/?/init.lua;" for at in lua) + ";",
        "LUA_CPATH": "".join(f"{at}/?.so;" for at in lua) + ";",
    }
    program = debian.rooted(folder, "nvim")
    script = folder / "nvim"
    script.write_text(
        "#!/bin/sh\n"
        + "".join(f"export {name}={shlex.quote(value)}\n" for name, value in paths.items())
        + f'exec {shlex.quote(str(program))} "$@"\n',
        "utf-8",
    )
    script.chmod(0o755)
    run([script, "--headless", "-u", "NONE", "-i", "NONE", "+quit"])


if __name__ == "__main__":
    print(install())
