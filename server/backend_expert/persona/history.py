"""The answers given in each workspace, kept as Markdown files in the user's state folder."""

import hashlib
import logging
import os
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from backend_expert.persona.conversation import Conversation

log = logging.getLogger(__name__)

KEPT = 100  # answers of one workspace
_NAME = re.compile(r"(\d{8}T\d{6}\d{3})-([\w-]+)\.md$")


class Past(msgspec.Struct, frozen=True):
    """An answer that was given. id: that of its conversation; time: ISO 8601, in UTC."""

    id: str
    title: str
    time: str
    path: str


class History:
    """What was answered. A folder that cannot be written costs nothing but the history."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._is_told = False

    @classmethod
    def of_user(cls) -> "History":
        """The history in the user's own state folder."""
        import platformdirs

        return cls(platformdirs.user_state_path("backend-expert", appauthor=False) / "history")

    def add(self, talk: Conversation) -> None:
        """Keeps an answer, in place of what was kept of the same conversation."""
        began = datetime.fromtimestamp(talk.began, UTC)
        stamp = f"{began:%Y%m%dT%H%M%S}{began.microsecond // 1000:03}"
        folder = self._of(talk.workspace)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = folder / f"{stamp}-{talk.id}.md"
            path.write_text(talk.text, encoding="utf-8", errors="replace")
            for old in sorted(folder.glob("*.md"))[:-KEPT]:
                old.unlink(missing_ok=True)
        except OSError as error:
            if not self._is_told:
                self._is_told = True
                log.warning("answers are not kept: %s", error)

    def of(self, workspace: str) -> list[Past]:
        """The answers given in a workspace, the newest first."""
        try:
            paths = sorted(self._of(workspace).glob("*.md"), reverse=True)
        except OSError:
            return []
        return [past for path in paths if (past := _past(path)) is not None]

    def _of(self, workspace: str) -> Path:
        whole = os.path.abspath(workspace) if workspace else ""
        return self._folder / hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:16]


def _past(path: Path) -> Past | None:
    found = _NAME.search(path.name)
    if found is None:
        return None
    began = time.strptime(found[1][:15], "%Y%m%dT%H%M%S")
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            title = file.readline().lstrip("# ").strip()
    except OSError:
        return None
    return Past(found[2], title, time.strftime("%Y-%m-%dT%H:%M:%SZ", began), str(path))
