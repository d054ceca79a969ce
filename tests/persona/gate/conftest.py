"""A gate with a clock, a folder and a workspace of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from backend_expert.persona.gate import Cleared, Destination, Gate, Refused
from backend_expert.persona.gate.cleared import sent_text
from backend_expert.persona.gate_settings import GateSettings
from backend_expert.persona.outgoing import Block, Outgoing, Turn

NOON = 1_790_000_000.0 - 1_790_000_000.0 % 86_400 + 43_200
HERE = Destination("anthropic")
MODEL = "claude-sonnet-5-5"


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


class Place:
    """A workspace, the state folder, and gates that use them."""

    def __init__(self, root: Path) -> None:
        self.workspace = root / "workspace"
        self.workspace.mkdir()
        self.state = root / "state"
        self.clock = Clock()

    def gate(self, settings: GateSettings | None = None, agreed: bool = True) -> Gate:
        made = Gate(settings or GateSettings(), self.state, self.clock, self.clock)
        if agreed:
            made.agree(str(self.workspace), "hovers")
        return made

    def file(self, name: str, text: str = "") -> str:
        path = self.workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return str(path)

    def request(self, *texts: str | Block, max_tokens: int = 1_000) -> Outgoing:
        blocks = tuple(Block(text) if isinstance(text, str) else text for text in texts)
        system = (Block("You are an expert.", is_seam=True),)
        turns = (Turn("user", blocks),)
        return Outgoing("explain", str(self.workspace), system, turns, max_tokens)

    def cleared(self, *texts: str | Block, gate: Gate | None = None) -> Cleared:
        answer = (gate or self.gate()).clear(self.request(*texts), HERE, MODEL)
        assert isinstance(answer, Cleared), answer
        return answer

    def sent(self, *texts: str | Block, settings: GateSettings | None = None) -> str:
        """What leaves, as one text."""
        return sent_text(self.cleared(*texts, gate=self.gate(settings)).outgoing)


@pytest.fixture
def at(tmp_path: Path) -> Place:
    """A workspace and the state folder."""
    return Place(tmp_path)


@pytest.fixture
def refused() -> Callable[[Cleared | Refused], str]:
    """The kind of a refusal, whose sentence is one that a person can use."""

    def kind(answer: Cleared | Refused) -> str:
        assert isinstance(answer, Refused), answer
        assert answer.sentence.startswith("Nothing was sent")
        assert answer.sentence.endswith(".") and "\n" not in answer.sentence
        return answer.kind

    return kind
