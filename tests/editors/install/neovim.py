"""Neovim 0.12, from a newer Debian suite into a folder of its own."""

import shlex
from pathlib import Path

from tests.editors.install import debian
from tests.editors.install.store import made_once, run

NAME = f"neovim-{debian.NEWER}"


def install() -> Path:
    """The program to start, which needs nothing set."""
    return made_once(NAME, _make) / "nvim"


def _make(folder: Path) -> None:
    debian.unpack(folder, "neovim")
    share = folder / "usr" / "share"
    lua = [*sorted(folder.glob("usr/lib/*/lua/5.1")), *sorted((share / "lua").glob("5.1"))]
    paths = {
        "VIMRUNTIME": str(share / "nvim" / "runtime"),
        "LUA_PATH": "".join(f"{at}/?.lua;{at}/?/init.lua;" for at in lua) + ";",
        "LUA_CPATH": "".join(f"{at}/?.so;" for at in lua) + ";",
    }
    start = [*debian.loader(folder), "--argv0", "nvim", str(folder / "usr" / "bin" / "nvim")]
    script = folder / "nvim"
    script.write_text(
        "#!/bin/sh\n"
        + "".join(f"export {name}={shlex.quote(value)}\n" for name, value in paths.items())
        + f'exec {shlex.join(start)} "$@"\n',
        "utf-8",
    )
    script.chmod(0o755)
    run([script, "--headless", "-u", "NONE", "-i", "NONE", "+quit"])


if __name__ == "__main__":
    print(install())
