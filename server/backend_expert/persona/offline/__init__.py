"""The offline expert: answers made from the project's own facts, no key and no network."""

from collections.abc import AsyncIterator, Callable, Iterator

from backend_expert.persona.brief import Brief
from backend_expert.persona.model import Edits, Event, Text
from backend_expert.persona.offline import explain, notes, review, rewrite, tests

Answer = Callable[[Brief], Iterator[str | Edits]]
ANSWERS: dict[str, Answer] = {
    "explain": explain.answer,
    "notes": notes.answer,
    "review": review.answer,
    "rewrite": rewrite.answer,
    "tests": tests.answer,
}
FOOT = (
    "\n---\n*Answered offline, from the facts of your code: nothing left this machine, "
    "and nothing here is guessed.*\n"
)


class Offline:
    """Composes answers from facts. Honest about being so."""

    name = "offline"

    async def stream(self, brief: Brief) -> AsyncIterator[Event]:
        """The answer, paragraph by paragraph; a task that is not known is explained instead."""
        first, last = brief.place.lines
        where = f"`{brief.place.checked.file.path}`, lines {first} to {last}"
        yield Text(f"# {brief.task.title}\n\n{where}\n\n")
        if brief.words:
            yield Text(f"> {brief.words}\n\nWithout a model I cannot answer in free words; ")
            yield Text("here is what the code itself tells.\n\n")
        for part in ANSWERS.get(brief.task.id, explain.answer)(brief):
            yield part if isinstance(part, Edits) else Text(part)
        yield Text(FOOT)
