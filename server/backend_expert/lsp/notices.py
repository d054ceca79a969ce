"""What a person is told beside answers and findings: what goes on, and what they may change."""

import logging
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

log = logging.getLogger(__name__)


def status(door: "Door", state: Literal["idle", "checking", "asking"], detail: str = "") -> None:
    """Tells a client that shows it what the server is doing."""
    if door.client.has("experimental.backendExpert"):
        door.notify("backendExpert/status", {"state": state, "detail": detail})


def warn(door: "Door", words: str) -> None:
    """Tells the person something that they may want to change."""
    log.warning("%s", words)
    door.notify("window/showMessage", {"type": 2, "message": f"Backend Expert: {words}"})
