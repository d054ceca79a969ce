"""The day's spending survives restarts, other processes, odd clocks and damaged files."""

import logging
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from backend_expert.persona.events import Usage
from backend_expert.persona.gate.prices import FAMILIES, cost, most, price_of
from backend_expert.persona.gate.spending import Spending
from backend_expert.persona.gate.state import State
from backend_expert.persona.gate_settings import Price

from tests.persona.gate.conftest import NOON, Place

DAY = 86_400.0


def spent(at: Place, now: float = NOON) -> float:
    """What someone sees who has just started."""
    return Spending(State(at.state)).today(now).all


def test_it_is_kept_through_restarts_and_ends_with_the_day(at: Place) -> None:
    Spending(State(at.state)).add(0.5, NOON)
    Spending(State(at.state)).add(0.25, NOON + 60, is_hover=True)
    today = Spending(State(at.state)).today(NOON + 120)
    assert (today.all, today.hovers) == (0.75, 0.25)
    assert spent(at, NOON + DAY) == 0


def test_a_clock_that_goes_back_gives_nothing_back(at: Place) -> None:
    Spending(State(at.state)).add(0.5, NOON)
    assert spent(at, NOON - 3_600) == 0.5
    assert spent(at, NOON - DAY) == 0.5


def test_a_clock_that_was_far_ahead_does_not_count_for_ever(at: Place) -> None:
    Spending(State(at.state)).add(9.0, NOON + 1_000 * DAY)
    assert spent(at) == 0


def test_two_processes_that_add_at_once_lose_nothing(at: Place) -> None:
    script = (
        "import sys; from pathlib import Path;"
        "from backend_expert.persona.gate.spending import Spending;"
        "from backend_expert.persona.gate.state import State;"
        "sys.stdin.readline();"
        "spending = Spending(State(Path(sys.argv[1])));"
        f"[spending.add(0.01, {NOON}) for _ in range(200)]"
    )
    command = [sys.executable, "-c", script, str(at.state)]
    running = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in range(2)]
    for process in running:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
        process.stdin.flush()
    for process in running:
        process.communicate()
        assert process.returncode == 0
    assert spent(at) == pytest.approx(4.0)


@pytest.mark.parametrize(
    "damage",
    [b"{", b"\xff\x00\xfe", b'{"at": 1}', b'{"at": 1, "cost": -5}', b'{"at": 1, "cost": 1e999}', b"[]"],
)  # fmt: skip
def test_damaged_lines_are_left_out_and_the_others_count(at: Place, damage: bytes) -> None:
    spending = Spending(State(at.state))
    spending.add(0.5, NOON)
    [file] = (at.state / "spending").iterdir()
    file.write_bytes(file.read_bytes() + damage)  # cut short, with no end of line
    spending.add(0.25, NOON)
    assert spent(at) == 0.75


def test_where_nothing_can_be_written_it_counts_in_the_process(
    at: Place, caplog: pytest.LogCaptureFixture
) -> None:
    at.state.write_text("a file stands in the folder's place")
    spending = Spending(State(at.state))
    with caplog.at_level(logging.WARNING):
        spending.add(0.5, NOON)
        spending.add(0.5, NOON)
    assert spending.today(NOON).all == 1.0
    assert spending.today(NOON + DAY).all == 0
    assert len(caplog.records) == 1


def test_old_days_are_forgotten(at: Place) -> None:
    spending = Spending(State(at.state))
    spending.add(0.5, NOON - 100 * DAY)
    spending.add(0.5, NOON)
    assert len(list(Path(at.state / "spending").iterdir())) == 1


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("claude-opus-5-5", "opus-5-5"),
        ("claude-opus-5", "opus-5"),
        ("claude-sonnet-4-5-20250929", "sonnet-4-5"),
        ("claude-sonnet-4-20250514", "sonnet-4"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "sonnet-4-5"),
        ("claude-haiku-4-5@20251001", "haiku-4-5"),
    ],
)
def test_a_model_has_the_price_of_its_family(model: str, family: str) -> None:
    assert price_of(model, {}) == FAMILIES[family]


@pytest.mark.parametrize("model", ["", "qwen", "claude-opus-12", "claude-opus-5-9", "claude-3"])
def test_a_model_that_is_not_known_has_no_price(model: str) -> None:
    assert price_of(model, {}) is None


def test_the_users_price_comes_first() -> None:
    own = {"claude-opus-5": Price(1, 2)}
    assert price_of("claude-opus-5", own) == Price(1, 2)


def test_a_long_request_to_some_models_costs_more() -> None:
    short, long = (
        price_of("claude-haiku-5-5", {}, 100_000),
        price_of("claude-haiku-5-5", {}, 100_001),
    )
    assert short is not None and long is not None and long.input == 5 * short.input


def test_costs_add_up() -> None:
    price = Price(input=2, output=10, cached=0.1, stored=2.5)
    usage = Usage(fresh=1_000_000, cached=1_000_000, stored=1_000_000, answered=1_000_000)
    assert cost(price, usage) == pytest.approx(14.6)
    assert most(price, 1_000_000, 100_000) == pytest.approx(3.5)
    assert cost(Price(2, 10), Usage(cached=1_000_000, stored=1_000_000)) == pytest.approx(4)


def test_every_model_that_the_library_names_has_a_price() -> None:
    from anthropic.types.model_param import ModelParam

    names = get_args(get_args(ModelParam)[0])
    assert len(names) > 10
    missing = [name for name in names if price_of(name, {}) is None]
    # A preview that only those who were invited can ask, at a price of their own.
    assert missing == ["claude-mythos-preview"]
