"""The audit log: a line of JSON for each answer, without its text unless the user asks for that."""

import hashlib
import os
from datetime import datetime

import msgspec

from backend_expert.persona.events import Usage
from backend_expert.persona.gate.cleared import Cleared, sent_text
from backend_expert.persona.gate.state import State

FILE = "audit.jsonl"
_LARGEST = 5_000_000
_KEPT = 5


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One answer.

    at: local time, with its zone. outcome: `answered`, or why it ended early. cost: an estimate in
    USD. sent, answer: the hashes of the texts, with placeholders in the places of secrets; the
    texts themselves in sent_text and answer_text, where the user asked for that.
    """

    at: str
    task: str
    provider: str
    model: str
    outcome: str
    seconds: float
    fresh: int
    cached: int
    stored: int
    answered: int
    sent: str
    answer: str
    cost: float | None = None
    is_hover: bool = False
    sent_text: str | None = None
    answer_text: str | None = None


def entry_of(
    cleared: Cleared,
    usage: Usage,
    outcome: str,
    answer: str,
    cost: float | None,
    now: float,
    seconds: float,
) -> Entry:
    """The entry for an answer that holds no secrets any more, without the texts."""
    return Entry(
        at=datetime.fromtimestamp(now).astimezone().isoformat(timespec="seconds"),
        task=cleared.outgoing.task,
        provider=cleared.destination.name,
        model=usage.model or cleared.model,
        outcome=outcome,
        seconds=round(max(0.0, seconds), 3),
        fresh=usage.fresh,
        cached=usage.cached,
        stored=usage.stored,
        answered=usage.answered,
        sent=cleared.digest,
        answer=hashlib.sha256(answer.encode("utf-8", "replace")).hexdigest(),
        cost=None if cost is None else round(cost, 6),
        is_hover=cleared.is_hover,
    )


def with_texts(entry: Entry, cleared: Cleared, answer: str) -> Entry:
    """The entry with what was sent and answered."""
    sent = sent_text(cleared.outgoing)
    return msgspec.structs.replace(entry, sent_text=_whole(sent), answer_text=_whole(answer))


def _whole(text: str) -> str:
    # A text from an editor may hold half a character, which no file can hold.
    return text.encode("utf-8", "replace").decode()


class Audit:
    """The log in the state folder, with older parts of it beside it."""

    def __init__(self, state: State, largest: int = _LARGEST) -> None:
        self._state = state
        self._largest = largest

    def write(self, entry: Entry, now: float) -> None:
        """Adds an entry; begins a new file when this one has grown too large."""
        self._rotate(now)
        self._state.append(FILE, entry)

    def _rotate(self, now: float) -> None:
        path = self._state.folder / FILE
        try:
            if path.stat().st_size < self._largest:
                return
            # The name is new, so two that rotate at once do not write over each other's part.
            os.rename(path, path.with_name(f"audit.{now:017.6f}.{os.getpid()}.jsonl"))
        except FileNotFoundError:
            return
        except OSError as error:
            self._state.complain(error)
            return
        parts = [name for name in self._state.names("") if name.startswith("audit.")]
        for name in [name for name in parts if name != FILE][:-_KEPT]:
            try:
                os.remove(self._state.folder / name)
            except OSError:
                continue
