"""What the expert said in hovers, kept across sessions: a small file for each answer."""

import hashlib
import logging
import os
from pathlib import Path

from backend_expert.persona.outgoing import Outgoing

log = logging.getLogger(__name__)

MOST = 500


class KeptWords:
    """Answers by what was asked. A folder that cannot be written costs the cache and no more."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._is_told = False

    @classmethod
    def of_user(cls) -> "KeptWords":
        """Those in the user's own cache folder."""
        import platformdirs

        return cls(platformdirs.user_cache_path("backend-expert", appauthor=False) / "hovers")

    def get(self, key: str) -> str:
        """What was answered; empty when nothing is kept."""
        try:
            return (self._folder / f"{key}.md").read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def put(self, key: str, text: str) -> None:
        """Keeps an answer; the oldest make room."""
        path = self._folder / f"{key}.md"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            new = path.with_suffix(f".{os.getpid()}")
            new.write_text(text, "utf-8")
            new.replace(path)
            for old in sorted(self._folder.glob("*.md"), key=_age)[:-MOST]:
                old.unlink(missing_ok=True)
        except OSError as error:
            if not self._is_told:
                self._is_told = True
                log.warning("what the expert says in hovers is not kept: %s", error)


def key_of(outgoing: Outgoing, model: str) -> str:
    """What an answer depends on: all that is sent, and who answers."""
    blocks = (*outgoing.system, *(block for turn in outgoing.turns for block in turn.blocks))
    texts = "\0".join((model, *(block.text for block in blocks)))
    return hashlib.sha256(texts.encode("utf-8", "replace")).hexdigest()


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
