"""Asking the expert: from a question to an answer that streams, with edits that were proved."""

from collections.abc import AsyncIterator

from backend_expert.ide.types import FileEdit, Proposal, Question, Said
from backend_expert.persona.brief import brief
from backend_expert.persona.model import Edits, Model
from backend_expert.persona.offline import Offline
from backend_expert.persona.place import Place, place_of
from backend_expert.persona.task import tasks
from backend_expert.persona.verify import prove
from backend_expert.workspace.documents import Snapshot


def model_for(snapshot: Snapshot) -> Model:
    """Who answers: the offline expert, until a model is set up."""
    return Offline()


async def ask(snapshot: Snapshot, question: Question) -> AsyncIterator[Said | Proposal]:
    """The answer to a question: text as it comes, and edits once they are proved.

    Edits that do not hold are shown as text with the reasons.
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
    async for event in model_for(snapshot).stream(brief(task, place, question.words)):
        if isinstance(event, Edits):
            proposal = _proved(place, event)
            yield proposal
        else:
            yield Said(event.text)


def _proved(place: Place, event: Edits) -> Said | Proposal:
    proof = prove(place, event.edits)
    if not proof.holds:
        reasons = "".join(f"- {reason}\n" for reason in proof.reasons)
        return Said(f"\nI do not propose this edit, because it was not proved:\n\n{reasons}\n")
    document = place.checked.document
    edit = FileEdit(document.uri, document.version, event.edits)
    mended = ", ".join(proof.mended)
    return Proposal(event.title, (edit,), f"mends {mended}" if mended else "")
