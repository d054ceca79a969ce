"""Trouble: what goes wrong is told in the log always, and to the person once for each kind."""

import logging
from typing import TYPE_CHECKING

from backend_expert.ide import diagnostics as ide
from backend_expert.workspace.documents import Snapshot

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

log = logging.getLogger(__name__)

ERROR, WARNING = 1, 2


class Trouble:
    """What the person was told already."""

    def __init__(self, door: "Door") -> None:
        self._door = door
        self._shown: set[str] = set()
        self._complaints: tuple[str, ...] = ()

    def failed(self, what: str, error: BaseException) -> None:
        """A failure of ours."""
        log.error("%s failed: %r", what, error, exc_info=error)
        self._show(
            f"{what} {type(error).__name__}",
            ERROR,
            f"{what} failed ({error!r}). The log has the details.",
        )

    def rule_failed(self, rule: str, error: Exception) -> None:
        """A rule raised and was passed over; it may do so again at every keystroke."""
        kind = f"rule {rule} {type(error).__name__}"
        if kind not in self._shown:
            log.error("rule %s failed and was passed over: %r", rule, error, exc_info=error)
            self._show(
                kind,
                ERROR,
                f"the rule {rule} failed and was passed over ({error!r}). The log has the details.",
            )

    def rules_broken(self, broken: dict[str, str]) -> None:
        """Rules that cannot be loaded, as the log knows already."""
        for rule, error in broken.items():
            self._show(rule, ERROR, f"the rule {rule} is left out, it cannot be loaded ({error}).")

    def complain(self, snapshot: Snapshot) -> None:
        """Tells what is wrong with the settings that were read, each thing once."""
        complaints = ide.complaints(snapshot)
        if complaints != self._complaints:
            self._complaints = complaints
            for complaint in complaints:
                if complaint not in self._shown:
                    log.warning("%s", complaint)
                self._show(complaint, WARNING, complaint)

    def _show(self, kind: str, type: int, words: str) -> None:
        if kind not in self._shown:
            self._shown.add(kind)
            message = {"type": type, "message": f"Backend Expert: {words}"}
            self._door.notify("window/showMessage", message)
