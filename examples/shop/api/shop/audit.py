"""The audit trail, written by a thread of its own so that requests need not wait for it."""

import logging
import queue
import threading
from typing import Any

from psycopg.types.json import Jsonb

from shop.database import get_pool

logger = logging.getLogger(__name__)


class AuditTrail:
    """Takes entries from any thread and stores them in order."""

    def __init__(self) -> None:
        self._entries: queue.Queue[tuple[str, dict[str, Any]] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Write what is left, then end the thread."""
        self._entries.put(None)
        self._thread.join(timeout=5)

    def record(self, action: str, subject_id: int, details: dict[str, Any] = {}) -> None:
        """Note that something happened to a record."""
        details["subject_id"] = subject_id
        self._entries.put((action, details))

    def _run(self) -> None:
        while (entry := self._entries.get()) is not None:
            try:
                self._store(*entry)
            except Exception:
                logger.exception("could not store the audit entry %s", entry[0])

    def _store(self, action: str, details: dict[str, Any]) -> None:
        with get_pool().connection() as connection:
            connection.execute(
                "INSERT INTO audit_log (action, details) VALUES (%s, %s)",
                (action, Jsonb(details)),
            )
