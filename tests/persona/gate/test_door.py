"""The door: what is refused, with which sentence, and what is left of a request that is not."""

import ast
import subprocess
import sys
from collections.abc import Callable

import pytest
from backend_expert.persona.events import Usage
from backend_expert.persona.gate import Cleared, Destination, Gate, Refused
from backend_expert.persona.gate.cleared import sent_text
from backend_expert.persona.gate.content import INSTEAD, NOTE
from backend_expert.persona.gate_settings import GateSettings, Price
from backend_expert.persona.outgoing import Block
from backend_expert.persona.own_settings import own_settings

from tests.persona.gate.conftest import HERE, MODEL, Place
from tests.support.tools import PACKAGE

Kind = Callable[[Cleared | Refused], str]


def test_nothing_is_sent_before_someone_agreed(at: Place, refused: Kind) -> None:
    gate = at.gate(agreed=False)
    request = at.request("x = 1")
    assert gate.consent(request.workspace) is None
    assert refused(gate.clear(request, HERE, MODEL)) == "consent"
    gate.agree(request.workspace, "no")
    assert refused(gate.clear(request, HERE, MODEL)) == "declined"
    gate.agree(request.workspace, "asks")
    assert isinstance(gate.clear(request, HERE, MODEL), Cleared)
    assert refused(gate.clear(request, HERE, MODEL, hover=True)) == "declined"
    gate.agree(request.workspace, "hovers")
    assert isinstance(gate.clear(request, HERE, MODEL, hover=True), Cleared)


def test_a_denied_file_is_taken_out_and_named(at: Place) -> None:
    env = at.file(".env", "PORT=3000")
    part = Block("PORT=3000 SHAPE=round", path=env, title="Settings", is_seam=True)
    cleared = at.cleared(Block("x = 1", path=at.file("app.py")), part)
    assert [(p.title, p.path, p.reason) for p in cleared.taken_out] == [
        ("Settings", env, "files of that name hold secrets")
    ]
    sent = sent_text(cleared.outgoing)
    assert "x = 1" in sent and INSTEAD in sent
    assert "round" not in sent and ".env" not in sent
    assert cleared.outgoing.turns[0].blocks[1].is_seam


def test_a_denied_file_that_is_asked_about_stops_the_request(at: Place, refused: Kind) -> None:
    env = at.file(".env")
    answer = at.gate().clear(at.request(Block("A=1", path=env, is_needed=True)), HERE, MODEL)
    assert refused(answer) == "denied"
    assert isinstance(answer, Refused) and env in answer.sentence


def test_the_system_blocks_pass_the_gate_too(at: Place) -> None:
    from msgspec.structs import replace

    request = at.request("x")
    system = (Block("A=round", path=at.file(".env")), Block('password = "hunter7x"'))
    answer = at.gate().clear(replace(request, system=system), HERE, MODEL)
    assert isinstance(answer, Cleared)
    sent = sent_text(answer.outgoing)
    assert "round" not in sent and "hunter7x" not in sent


def test_a_request_that_is_too_large_or_too_dear_is_refused(at: Place, refused: Kind) -> None:
    request = at.request("word " * 2_000)
    small = at.gate(GateSettings(max_tokens=2_000))
    assert refused(small.clear(request, HERE, MODEL)) == "size"
    assert isinstance(small.clear(request, HERE, MODEL, tokens=2_000), Cleared)
    assert refused(small.clear(request, HERE, MODEL, tokens=2_001)) == "size"
    cheap = at.gate(GateSettings(max_cost=0.01))
    assert refused(cheap.clear(request, HERE, "claude-fable-5")) == "cost"
    assert isinstance(cheap.clear(request, HERE, "claude-haiku-5-5"), Cleared)


def test_a_large_request_is_refused_before_anything_looks_for_secrets(
    at: Place, refused: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend_expert.persona.gate.content.cleaned", None)
    assert refused(at.gate().clear(at.request("x" * 1_000_000), HERE, MODEL)) == "size"


def test_a_day_has_a_budget_and_hovers_a_part_of_it(at: Place, refused: Kind) -> None:
    gate = at.gate(GateSettings(daily_cost=1.0, daily_hover_cost=0.5))
    request = at.request("x = 1")
    hover = gate.clear(request, HERE, MODEL, hover=True)
    assert isinstance(hover, Cleared)
    assert gate.record(hover, Usage(answered=49_500), "answered", "a") == pytest.approx(0.495)
    assert refused(gate.clear(request, HERE, MODEL, hover=True)) == "hovers"
    asked = gate.clear(request, HERE, MODEL)
    assert isinstance(asked, Cleared)
    gate.record(asked, Usage(answered=49_900), "answered", "a")
    assert gate.spent_today() == pytest.approx(0.994)
    assert refused(gate.clear(request, HERE, MODEL)) == "day"
    assert refused(at.gate(GateSettings(daily_cost=1.0)).clear(request, HERE, MODEL)) == "day"
    at.clock.now += 86_400
    assert isinstance(gate.clear(request, HERE, MODEL), Cleared)


def test_a_model_without_a_price_has_no_estimate_and_is_told_so(at: Place) -> None:
    gate = at.gate(GateSettings(max_cost=0, daily_cost=0))
    answer = gate.clear(at.request("x"), Destination("anthropic", "http://localhost:11434"), "qwen")
    assert isinstance(answer, Cleared) and answer.estimate.cost is None
    assert gate.record(answer, Usage(fresh=10), "answered", "a") is None
    assert "Cost: not known" in gate.sent(answer, Usage(fresh=10), "answered")


def test_the_note_stands_first_and_is_always_the_same(at: Place) -> None:
    assert at.cleared("x").outgoing.system[0] == NOTE
    assert at.cleared('password = "hunter7x"').outgoing.system[0] == NOTE
    kept = at.cleared("x").outgoing
    assert (kept.system[1:], kept.turns) == (at.request("x").system, at.request("x").turns)


def test_what_is_measured_is_what_is_sent(at: Place) -> None:
    cleared = at.cleared("é" * 3_500)
    assert cleared.estimate.tokens == -(-len(sent_text(cleared.outgoing)) * 10 // 35)
    assert not cleared.estimate.is_counted


def test_only_the_gate_makes_what_a_model_is_given() -> None:
    """`Cleared` is made at one place, so a request that was not looked at cannot be one."""
    makers = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr) == "Cleared"
    ]
    assert makers == ["persona/gate/door.py"]


def test_the_gate_is_imported_without_what_is_heavy() -> None:
    script = (
        "import sys; import backend_expert.persona.gate as gate;"
        "heavy = {'detect_secrets', 'requests', 'yaml', 'anthropic', 'platformdirs', 'sqlglot'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


def test_the_users_settings_file_is_read(at: Place) -> None:
    path = at.workspace / "settings.toml"
    path.write_text(
        "[gate]\nmax-cost = 0.5\nredact-hosts = true\ndeny = ['billing/']\n"
        "prices.our-model = { input = 1, output = 5.0 }\n"
    )
    read = own_settings(path).filled(GateSettings, "gate")
    assert read.complaints == ()
    assert GateSettings(**read.values) == GateSettings(
        max_cost=0.5,
        redact_hosts=True,
        deny=("billing/",),
        prices={"our-model": Price(input=1, output=5)},
    )


def test_a_user_has_a_gate_of_their_own(monkeypatch: pytest.MonkeyPatch, at: Place) -> None:
    monkeypatch.setattr("platformdirs.user_state_path", lambda name, appauthor: at.state / name)
    Gate.of_user(GateSettings()).agree("/work", "asks")
    assert (at.state / "backend-expert" / "consent").is_dir()
