"""What the server says it is doing: a question before a check, costs, nothing twice, no flicker."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from backend_expert.lsp import doing as doing_module
from backend_expert.lsp.doing import Doing


class Told:
    """A door that keeps what is told to a client."""

    def __init__(self, *, listens: bool = True) -> None:
        self.said: list[dict[str, Any]] = []
        self.client = SimpleNamespace(has=lambda path: listens)
        self.asking = SimpleNamespace(spent=0.0)

    def notify(self, method: str, params: dict[str, Any]) -> None:
        assert method == "backendExpert/status"
        self.said.append(params)

    def doing(self) -> Doing:
        return Doing(cast(Any, self))


def test_an_answer_and_what_it_costs() -> None:
    door = Told()
    doing = door.doing()
    doing.asks("a", "Review this code")
    doing.spends("a", 0.001)
    doing.spends("a", 0.001)
    doing.spends("a", 0.004)
    door.asking.spent = 0.004
    doing.asked("a")
    asking = {"state": "asking", "detail": "Review this code"}
    assert door.said == [
        asking,
        {**asking, "cost": 0.001},
        {**asking, "cost": 0.004},
        {"state": "idle", "cost": 0.004},
    ]


def test_of_two_answers_the_later_is_named_and_both_are_paid() -> None:
    door = Told()
    doing = door.doing()
    doing.asks("a", "Review this code")
    doing.asks("b", "Write tests")
    doing.spends("a", 0.01)
    doing.spends("b", 0.02)
    assert door.said[-1] == {"state": "asking", "detail": "Write tests", "cost": 0.03}
    door.asking.spent = 0.02
    doing.asked("b")
    assert door.said[-1] == {"state": "asking", "detail": "Review this code", "cost": 0.03}


async def test_a_long_check_is_told_and_a_short_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    door = Told()
    doing = door.doing()
    with doing.checking("Checking"):
        await asyncio.sleep(0)
    assert door.said == []
    monkeypatch.setattr(doing_module, "WORTH_TELLING", 0)
    with doing.checking("Checking"):
        while not door.said:
            await asyncio.sleep(0)
        doing.asks("a", "Review this code")
        doing.asked("a")
    states = [said["state"] for said in door.said]
    assert states == ["checking", "asking", "checking", "idle"]


def test_a_client_that_shows_no_status_is_told_none() -> None:
    door = Told(listens=False)
    door.doing().asks("a", "Review this code")
    assert door.said == []
