"""What was spent today: kept across restarts, and shared by all that run at once."""

import math
import os
from datetime import datetime, timedelta

import msgspec

from backend_expert.persona.gate.state import State

_KEPT_DAYS = 40
_FOLDER = "spending"


class Spent(msgspec.Struct, frozen=True):
    """The costs of a day in USD, and the part of them that hovers caused."""

    all: float
    hovers: float


class _Cost(msgspec.Struct, frozen=True):
    at: float
    cost: float
    is_hover: bool = False


class Spending:
    """A file for each day and process, with a line for each answer; the day's files are added up.

    The next day counts too: an answer from before a clock was set back is still counted, and one
    from a clock that was far ahead does not count for ever.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._own: list[_Cost] = []

    def add(self, cost: float, now: float, *, is_hover: bool = False) -> None:
        """Adds what an answer has cost."""
        record = _Cost(now, cost, is_hover)
        if not self._state.append(f"{_FOLDER}/{_day(now)}.{os.getpid()}.jsonl", record):
            self._own.append(record)  # it cannot be written, and counts here at least
        self._forget(now)

    def today(self, now: float) -> Spent:
        """What was spent on the day of `now`, as far as it can be read."""
        days = (_day(now), _day(now, 1))
        costs = [cost for cost in self._own if _day(cost.at) in days]
        for name in self._state.names(_FOLDER):
            if name.startswith(days):
                costs += _costs(self._state.read(f"{_FOLDER}/{name}"))
        return Spent(
            sum(cost.cost for cost in costs), sum(cost.cost for cost in costs if cost.is_hover)
        )

    def _forget(self, now: float) -> None:
        oldest = _day(now, -_KEPT_DAYS)
        for name in self._state.names(_FOLDER):
            if name[:10] >= oldest:
                break
            try:
                os.remove(self._state.folder / _FOLDER / name)
            except OSError:
                continue


def _costs(lines: bytes) -> list[_Cost]:
    """The costs in a file; lines that are none are left out."""
    found: list[_Cost] = []
    for line in lines.splitlines():
        try:
            cost = msgspec.json.decode(line, type=_Cost)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue
        if math.isfinite(cost.cost) and cost.cost >= 0:
            found.append(cost)
    return found


def _day(now: float, later: int = 0) -> str:
    return (datetime.fromtimestamp(now).date() + timedelta(days=later)).isoformat()
