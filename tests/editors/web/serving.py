"""code-server as a process, with a home, settings and extensions of its own."""

import json
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

# What keeps a window still: nothing saves by itself, greets or asks.
CALM: dict[str, Any] = {
    "files.autoSave": "off",
    "chat.disableAIFeatures": True,
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "telemetry.telemetryLevel": "off",
    "extensions.ignoreRecommendations": True,
    "git.openRepositoryInParentFolders": "never",
}
PATIENCE = 120  # seconds to start, or to install an extension
LISTENING = re.compile(r"listening on http://127\.0\.0\.1:(\d+)")


class CodeServer:
    """A code-server that listens; `home` is its own."""

    def __init__(self, home: Path, port: int, process: subprocess.Popen[str]) -> None:
        self.home = home
        self.port = port
        self.process = process

    def page(self, folder: Path, payload: Sequence[tuple[str, str]] = ()) -> str:
        """The address of a window on a folder."""
        address = f"http://127.0.0.1:{self.port}/?folder={quote(str(folder))}"
        return address + (f"&payload={quote(json.dumps(payload))}" if payload else "")

    def remote(self, path: Path) -> str:
        """A path as the window names it."""
        return f"vscode-remote://127.0.0.1:{self.port}{path}"


@contextmanager
def serving(
    script: Path,
    home: Path,
    *extensions: Path,
    settings: Mapping[str, Any] | None = None,
    trust: bool = True,
    environment: Mapping[str, str] | None = None,
) -> Iterator[CodeServer]:
    """code-server, with `.vsix` files installed and user settings on top of `CALM`.

    `trust` is whether workspaces are trusted unasked; `environment` goes to the extension host, in
    which a PATH without our server can be given.
    """
    data = home / "data"
    (data / "User").mkdir(parents=True, exist_ok=True)
    user = json.dumps(CALM | dict(settings or {}), indent=2)
    (data / "User" / "settings.json").write_text(user, "utf-8")
    command = [
        shutil.which("node") or "node",
        str(script),
        *("--user-data-dir", str(data)),
        *("--extensions-dir", str(home / "extensions")),
        *("--config", str(home / "config.yaml")),
    ]
    (home / "config.yaml").write_text("{}\n", "utf-8")
    around = {**os.environ, "HOME": str(home), **(environment or {})}
    for at in extensions:
        subprocess.run(
            [*command, "--install-extension", str(at)], env=around, check=True, timeout=PATIENCE
        )
    command += ["--auth", "none", "--bind-addr", "127.0.0.1:0", "--disable-telemetry"]
    command += ["--disable-update-check", "--disable-getting-started-override"]
    command += ["--disable-workspace-trust"] if trust else []
    with (home / "code-server.log").open("w") as log:
        process = subprocess.Popen(
            command,
            env=around,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    try:
        watch = threading.Timer(PATIENCE, process.kill)
        watch.daemon = True
        watch.start()
        port = _port_of(process)
        watch.cancel()
        yield CodeServer(home, port, process)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        _ended(process)
        if process.stdout is not None:
            process.stdout.close()


def _ended(process: subprocess.Popen[str]) -> None:
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def _port_of(process: subprocess.Popen[str]) -> int:
    """The port, which code-server tells when it listens."""
    said: list[str] = []
    for line in process.stdout or ():
        said.append(line)
        if (found := LISTENING.search(line)) is not None:
            return int(found[1])
    raise AssertionError("code-server did not start:\n" + "".join(said))
