"""Real git repositories, made by git itself for the tests that read them."""

import os
import subprocess
from pathlib import Path

# No settings but these, whatever the machine has.
ENVIRONMENT = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_NAME": "Shop" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "shop@localhost" for who in ("AUTHOR", "COMMITTER")},
}


def git(folder: Path, *words: str) -> str:
    """Runs git in a folder."""
    command = ["git", "-c", "protocol.file.allow=always", *words]
    done = subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def repository(folder: Path, files: dict[str, str], branch: str = "main", *more: str) -> Path:
    """A new repository with one commit of these files."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", branch, *more)
    commit(folder, files)
    return folder


def commit(folder: Path, files: dict[str, str]) -> None:
    """Commits these files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Files")
