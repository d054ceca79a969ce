"""The offline expert: answers made from the project's own facts, no key and no network."""

from collections.abc import AsyncGenerator, Callable, Iterator

from backend_expert.persona.brief import Brief
from backend_expert.persona.events import Edits, Event, Text
from backend_expert.persona.heading import heading
from backend_expert.persona.offline import (
    ask,
    explain,
    fix,
    index,
    migration,
    notes,
    production,
    query,
    review,
    rewrite,
    tests,
)

Answer = Callable[[Brief], Iterator[str | Edits]]
ANSWERS: dict[str, Answer] = {
    "ask": ask.answer,
    "explain": explain.answer,
    "fix": fix.answer,
    "index": index.answer,
    "migration": migration.answer,
    "notes": notes.answer,
    "production": production.answer,
    "query": query.answer,
    "review": review.answer,
    "rewrite": rewrite.answer,
    "tests": tests.answer,
}
FOOT = (
    "---\n\n*Answered offline, from the facts of your code: nothing left this machine, "
    "and nothing here is guessed.*\n"
)
FOOT_AFTER_SENDING = (
    "---\n\n*This was made offline, from the facts of your code: nothing in it is guessed. The "
    "question itself was sent to the model.*\n"
)


class Offline:
    """Composes answers from facts. Honest about being so.

    why: what is said of there being no model. is_beneath: the answer stands beneath words of why
    the model did not give one, so it has no head of its own. was_sent: the model was asked.
    """

    name = "offline"

    def __init__(self, why: str = "", *, is_beneath: bool = False, was_sent: bool = False) -> None:
        self._why = why
        self._foot = FOOT_AFTER_SENDING if was_sent else FOOT
        self._is_beneath = is_beneath

    async def stream(self, brief: Brief) -> AsyncGenerator[Event]:
        """The answer, paragraph by paragraph; a task that is not known is explained instead."""
        if self._is_beneath:
            yield Text("What the code itself tells:\n\n")
        else:
            yield Text(heading(brief))
        if brief.words and not self._is_beneath:
            yield Text("Without a model there is no answer in free words; this is what the code ")
            yield Text("itself tells.\n\n")
        for part in ANSWERS.get(brief.task.id, explain.answer)(brief):
            yield part if isinstance(part, Edits) else Text(part)
        yield Text(self._foot if not self._why else f"{self._foot}\n*{self._why}*\n")
