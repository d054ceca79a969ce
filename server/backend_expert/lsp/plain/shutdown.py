"""Shutdown: running tasks end, answers of a model too; only `exit` may follow."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door


def handle(door: "Door", params: Any) -> None:
    door.is_shut_down = True
    door.tasks.cancel_all()
    door.calls.give_up()
