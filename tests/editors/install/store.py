"""Where the editors are kept: a folder outside the repository, each part of it made once."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

LONGEST = 600  # seconds that one step of an installation may take


class Unavailable(Exception):
    """Why an editor cannot be had on this machine; its words are shown to the person."""


class Unfit(Unavailable):
    """The machine is of a kind that we install nothing on: its tests are skipped."""


def store() -> Path:
    """The folder of all editors; `BACKEND_EXPERT_EDITORS` names another one."""
    default = Path.home() / ".cache" / "backend-expert-editors"
    folder = Path(os.environ.get("BACKEND_EXPERT_EDITORS") or default).expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name` of the store, made by `make` unless an earlier run has made it whole.

    `name` carries the version, so that another version is another folder. Two runs at the same time
    do not make it twice.
    """
    folder = store() / name
    with _locked(name):
        stamp = folder / ".whole"
        if not stamp.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            make(folder)
            stamp.touch()
    return folder


def run(command: Sequence[str | Path], *, cwd: Path | None = None, **environment: str) -> str:
    """What a command prints.

    Raises:
        Unavailable: it is not there, fails or takes too long, with the end of what it said.
    """
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            timeout=LONGEST,
        )
    except FileNotFoundError:
        raise Unavailable(f"{words[0]} is not installed") from None
    except subprocess.TimeoutExpired:
        late = f"`{' '.join(words)}` took more than {LONGEST} s"
        raise Unavailable(f"{late}; is the mirror there?") from None
    if done.returncode:
        raise Unavailable(f"`{' '.join(words)}` failed:\n{done.stdout[-2000:]}")
    return done.stdout


@contextmanager
def _locked(name: str) -> Iterator[None]:
    with (store() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
