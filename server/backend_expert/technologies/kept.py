"""Something costly to read, kept in the user's cache folder; a damaged copy counts as none."""

import os
import tempfile
from pathlib import Path
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
# How many of a kind stay: the editor's copy of this program and the terminal's may be two.
_MOST = 4


def cache_folder() -> Path:
    """The user's cache folder for this program (`BACKEND_EXPERT_CACHE` overrides it)."""
    chosen = os.environ.get("BACKEND_EXPERT_CACHE")
    if chosen:
        return Path(chosen)
    import platformdirs

    return platformdirs.user_cache_path("backend-expert", appauthor=False)


class Kept:
    """One value under one name."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self, shape: type[T]) -> T | None:
        """The value, or None when there is none that can be read."""
        try:
            return msgspec.msgpack.decode(self.path.read_bytes(), type=shape)
        except (OSError, msgspec.DecodeError):
            return None

    def save(self, value: Any) -> None:
        """Keeps the value and drops the oldest of its kind; a full disk is no error here."""
        kind = self.path.stem.partition("-")[0]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            known = sorted(
                self.path.parent.glob(f"{kind}-*"), key=lambda path: path.stat().st_mtime
            )
            for old in known[: 1 - _MOST]:
                old.unlink(missing_ok=True)
            handle, name = tempfile.mkstemp(dir=self.path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.msgpack.encode(value))
            Path(name).replace(self.path)
        except OSError:
            return


def kept_under(name: str) -> Kept:
    """The place where the value called `name` (`kind-digest`) is kept."""
    return Kept(cache_folder() / name)
