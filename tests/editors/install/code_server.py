"""VS Code in a browser: code-server from npm, which runs on the node that is there.

npm's own install would fetch compiled parts from a place of their own, so scripts are off, what must
be compiled is compiled here (a check of passwords, and terminals), and the links that the scripts
would make are made.
"""

import json
import shutil
from pathlib import Path

from tests.editors.install.store import Unavailable, made_once, run

VERSION = "4.100.3"  # VS Code 1.100.3
QUIET = ("--no-audit", "--no-fund", "--loglevel=error")
LINKS = {
    "node_modules.asar": "node_modules",
    "bin/remote-cli/code-server": "code-linux.sh",
    "bin/helpers/browser.sh": "browser-linux.sh",
}


def install() -> Path:
    """The program to start, a script of node."""
    return (
        made_once(f"code-server-{VERSION}-terminal", _make)
        / "node_modules/code-server/out/node/entry.js"
    )


def _make(folder: Path) -> None:
    node = shutil.which("node")
    if node is None:
        raise Unavailable("node is missing: code-server runs on it")
    (folder / "package.json").write_text(json.dumps({"private": True}), "utf-8")
    bare = ["npm", "install", "--ignore-scripts", *QUIET]
    run([*bare, f"code-server@{VERSION}"], cwd=folder)
    # It is imported at start, password or not. Node's own headers save a download.
    headers = str(Path(node).resolve().parents[1])
    run(["npm", "rebuild", "argon2", *QUIET], cwd=folder, npm_config_nodedir=headers)
    code = folder / "node_modules" / "code-server" / "lib" / "vscode"
    for part in (code, code / "extensions"):
        run([*bare, "--omit=dev"], cwd=part)
    run(
        ["npm", "explore", "node-pty", "--", "node-gyp", "rebuild"],
        cwd=code,
        npm_config_nodedir=headers,
    )
    for link, target in LINKS.items():
        (code / link).unlink(missing_ok=True)
        (code / link).symlink_to(target)


if __name__ == "__main__":
    print(install())
