"""Routers: the files that mount them are found bit by bit, between what the client asks."""

import asyncio
import time
from typing import TYPE_CHECKING
from weakref import WeakSet

from backend_expert.workspace.mounting import Mounting

if TYPE_CHECKING:
    from backend_expert.lsp.door import Door

_BIT, _PAUSE = 0.002, 0.004  # seconds of work, and of rest after it


class Routers:
    """Finds mounts in the background; endpoints have their full paths when that is done."""

    def __init__(self, door: "Door") -> None:
        self._door = door
        self._under_way: WeakSet[Mounting] = WeakSet()

    def find(self, mounting: Mounting) -> None:
        """Begins to look at a project's files, unless that is under way."""
        if mounting not in self._under_way:
            self._under_way.add(mounting)
            self._door.tasks.start(self._find(mounting))

    async def _find(self, mounting: Mounting) -> None:
        while not mounting.is_ready:
            until = time.perf_counter() + _BIT
            while mounting.step() and time.perf_counter() < until:
                pass
            await asyncio.sleep(_PAUSE)
        self._door.refresh_lenses()
