"""Conversations: what was asked and answered, so that one can ask on, and look it up again."""

import itertools
import time
from collections import OrderedDict
from typing import Literal

import msgspec

from backend_expert.ide.types import Answered, Proposal, Question, Said
from backend_expert.persona.brief import Brief
from backend_expert.persona.gate import Placeholders
from backend_expert.persona.outgoing import Outgoing
from backend_expert.persona.round import Round

KEPT = 50

State = Literal["open", "answered", "failed", "cancelled"]


class Conversation(msgspec.Struct, eq=False):
    """One question with all that came of it.

    workspace: the folder that the code is in. claims: rules of which edits must mend a finding.
    sent: the last request, as it was before the gate; None while only the offline expert spoke.
    said: the model's last answer, as it wrote it. text: the whole answer, as it was shown. rounds:
    what was sent, and what came of it. placeholders: those of the gate, the same all along. state:
    of the last answer; failure: the sentence that says why the model did not give it.
    """

    question: Question
    brief: Brief
    workspace: str
    claims: tuple[str, ...] = ()
    id: str = ""
    began: float = msgspec.field(default_factory=time.time)
    sent: Outgoing | None = None
    said: str = ""
    text: str = ""
    rounds: list[Round] = msgspec.field(default_factory=list)  # pyright: ignore[reportUnknownVariableType]
    placeholders: Placeholders | None = None
    proposal: Proposal | None = None
    state: State = "open"
    failure: str = ""

    def proposes_for(self, uri: str) -> bool:
        """Whether edits of a file wait to be made."""
        return self.proposal is not None and any(edit.uri == uri for edit in self.proposal.edits)

    @property
    def title(self) -> str:
        """What was asked for."""
        return self.brief.task.title


def kept(talk: Conversation, part: Answered) -> Answered:
    """The same part, noted down in its conversation."""
    if isinstance(part, Said):
        talk.text += part.text
    elif isinstance(part, Proposal):
        talk.proposal = part
    return part


class Conversations:
    """The last conversations of a session, by id."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._known: OrderedDict[str, Conversation] = OrderedDict()

    def add(self, talk: Conversation) -> Conversation:
        """Takes a conversation in and names it; the oldest is forgotten when there are too many."""
        talk.id = f"{talk.brief.task.id}-{next(self._numbers)}"
        self._known[talk.id] = talk
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return talk

    def get(self, id: str) -> Conversation | None:
        """A conversation that is still known."""
        return self._known.get(id)

    def settled(self, proposal: Proposal) -> None:
        """A proposal was made, or cannot be made any more."""
        for talk in self._known.values():
            if talk.proposal is proposal:
                talk.proposal = None

    def all(self) -> list[Conversation]:
        """All that are known, the newest first."""
        return list(reversed(self._known.values()))
