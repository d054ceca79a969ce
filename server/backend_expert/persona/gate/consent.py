"""The user's yes or no to sending code, asked once for each workspace."""

import hashlib
import os
from typing import Literal

import msgspec

from backend_expert.persona.gate.state import State

Answer = Literal["asks", "hovers", "no"]


class _Kept(msgspec.Struct, frozen=True):
    workspace: str
    answer: Answer
    at: float


class Consent:
    """What was answered, one small file for each workspace: so no answer overwrites another's."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._unkept: dict[str, Answer] = {}

    def of(self, workspace: str) -> Answer | None:
        """The answer for a workspace; None when there is none that can be read."""
        workspace = _whole(workspace)
        if workspace in self._unkept:
            return self._unkept[workspace]
        try:
            kept = msgspec.json.decode(self._state.read(_file(workspace)), type=_Kept)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None
        return kept.answer if kept.workspace == workspace else None

    def agree(self, workspace: str, answer: Answer, at: float) -> None:
        """Keeps an answer. Where it cannot be written it counts until the end of the process."""
        workspace = _whole(workspace)
        if self._state.replace(_file(workspace), _Kept(workspace, answer, at)):
            self._unkept.pop(workspace, None)
        else:
            self._unkept[workspace] = answer


def _whole(workspace: str) -> str:
    if not workspace:
        return ""
    path = os.path.normcase(os.path.realpath(workspace))
    # A name need not be text; what is kept of it must be.
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _file(workspace: str) -> str:
    name = hashlib.sha256(workspace.encode()).hexdigest()[:24]
    return f"consent/{name}.json"
