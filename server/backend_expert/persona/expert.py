"""Asking the expert: from a question to an answer that streams, with edits that were proved."""

from collections.abc import AsyncIterator

from backend_expert.ide.types import FileEdit, Proposal, Question, Said
from backend_expert.persona.brief import brief
from backend_expert.persona.events import Edits, Text
from backend_expert.persona.offline import Offline
from backend_expert.persona.offline.diff import diff
from backend_expert.persona.offline.words import listed
from backend_expert.persona.place import Place, place_of
from backend_expert.persona.task import tasks
from backend_expert.persona.verify import prove
from backend_expert.workspace.documents import Snapshot


def model_for(snapshot: Snapshot) -> Offline:
    """Who answers: the offline expert, until a model is set up."""
    return Offline()


async def ask(snapshot: Snapshot, question: Question) -> AsyncIterator[Said | Proposal]:
    """The answer to a question: text as it comes, and edits once they are proved.

    Edits that do not hold are shown as text with the reasons. Proposals come last, so that the
    answer can be read before anyone is asked for a yes.
    """
    task = tasks().get(question.task)
    place = place_of(snapshot, question.uri, question.span)
    if task is None:
        known = ", ".join(tasks())
        yield Said(f"There is no task called “{question.task}”. There are: {known}.\n")
        return
    if place is None:
        yield Said("That file is not open in the editor any more.\n")
        return
    if place.checked.document.skipped:
        yield Said(f"{place.checked.document.skipped}\n")
        return
    proposals: list[Proposal] = []
    async for event in model_for(snapshot).stream(brief(task, place, question.words)):
        if isinstance(event, Edits):
            said, proposal = _proved(place, event)
            yield said
            proposals += [proposal] if proposal is not None else []
        elif isinstance(event, Text):
            yield Said(event.text)
    for proposal in proposals:
        yield proposal


def _proved(place: Place, event: Edits) -> tuple[Said, Proposal | None]:
    """The edits as a diff with what came of the proof, and the proposal if they hold."""
    document = place.checked.document
    proof = prove(place, event.edits)
    shown = f"{diff(document.text, proof.text)}\n\n" if proof.text != document.text else ""
    if not proof.holds:
        reasons = "".join(f"- {reason}\n" for reason in proof.reasons)
        head = "This edit is not proposed, because it did not hold:"
        return Said(f"{head}\n\n{reasons}\n{shown}"), None
    held = "*Proved: the file parses after this edit, and a fresh check finds nothing new.*\n\n"
    mended = listed(f"`{rule}`" for rule in proof.mended) if proof.mended else ""
    edit = FileEdit(document.uri, document.version, event.edits)
    reason = f"mends {mended.replace('`', '')}" if mended else ""
    return Said(f"{shown}{held}"), Proposal(event.title, (edit,), reason)
