"""Actions: what the light bulb offers, and what each of them does."""

from backend_expert.ide.types import Action, FileEdit
from backend_expert.text.span import Span
from backend_expert.workspace.documents import Snapshot


def actions(snapshot: Snapshot, uri: str, span: Span, kinds: tuple[str, ...]) -> list[Action]:
    """The actions at `span`, of the kinds asked for (all when none are named)."""
    return []


def resolve(snapshot: Snapshot, action_id: str) -> tuple[FileEdit, ...]:
    """The edits of an action."""
    return ()
