"""What a person is told beside answers and findings: what they may want to change."""

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

log = logging.getLogger(__name__)


def warn(door: "Door", words: str) -> None:
    """Tells the person something that they may want to change."""
    log.warning("%s", words)
    door.notify("window/showMessage", {"type": 2, "message": f"Backend Expert: {words}"})
