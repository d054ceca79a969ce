"""Where documents of ours lie for a client that reads them from disk."""

import logging
import os
import shutil
import tempfile
import time
from functools import cache
from pathlib import Path

log = logging.getLogger(__name__)

STAY = 7 * 86_400  # seconds that a session's documents stay, as its editor may outlive the server


@cache
def folder() -> Path:
    """This session's own folder, which only the user may read; those of old sessions go with it.

    It lies in the user's cache, or among the temporary files where that may not be written.
    """
    import platformdirs  # most clients ask for their documents by a URI of ours

    above = platformdirs.user_cache_path("backend-expert", appauthor=False) / "answers"
    try:
        above.mkdir(0o700, parents=True, exist_ok=True)
        _clear(above, time.time() - STAY)
        return Path(tempfile.mkdtemp(dir=above))
    except OSError as error:
        log.info("answers lie among the temporary files: %s", error)
        return Path(tempfile.mkdtemp(prefix="backend-expert-"))


def _clear(above: Path, before: float) -> None:
    """Drops the folders in which nothing was written since."""
    for entry in os.scandir(above):
        if entry.is_dir(follow_symlinks=False) and entry.stat().st_mtime < before:
            shutil.rmtree(entry.path, ignore_errors=True)
