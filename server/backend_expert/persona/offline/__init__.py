"""The offline expert: answers made from the project's own facts, no key and no network."""

from collections.abc import AsyncIterator, Callable, Iterator

from backend_expert.persona.brief import Brief
from backend_expert.persona.events import Edits, Event, Text
from backend_expert.persona.offline import explain, notes, review, rewrite, tests
from backend_expert.persona.place import Place

Answer = Callable[[Brief], Iterator[str | Edits]]
ANSWERS: dict[str, Answer] = {
    "explain": explain.answer,
    "notes": notes.answer,
    "review": review.answer,
    "rewrite": rewrite.answer,
    "tests": tests.answer,
}
FOOT = (
    "---\n\n*Answered offline, from the facts of your code: nothing left this machine, "
    "and nothing here is guessed.*\n"
)


class Offline:
    """Composes answers from facts. Honest about being so."""

    name = "offline"

    async def stream(self, brief: Brief) -> AsyncIterator[Event]:
        """The answer, paragraph by paragraph; a task that is not known is explained instead."""
        yield Text(f"# {brief.task.title}\n\n{_where(brief.place)}\n\n")
        if brief.words:
            asked = " ".join(brief.words.split())
            yield Text(f"> {asked}\n\nWithout a model there is no answer in free words; ")
            yield Text("this is what the code itself tells.\n\n")
        for part in ANSWERS.get(brief.task.id, explain.answer)(brief):
            yield part if isinstance(part, Edits) else Text(part)
        yield Text(FOOT)


def _where(place: Place) -> str:
    first, last = place.lines
    if first == 1 and not place.checked.document.text[place.span.end :].strip():
        return f"`{place.checked.file.path}`"
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    return f"`{place.checked.file.path}`, {lines}"
