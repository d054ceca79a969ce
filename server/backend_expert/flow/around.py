"""What surrounds an item that is being read: the rest of its file, asked question by question."""

from collections.abc import Callable
from typing import cast

from backend_expert.flow.known import Depth, Question
from backend_expert.flow.summary import Summary
from backend_expert.flow.value import Value


class Around:
    """`Surroundings` for one reading: asks the file and writes down each answer in `uses`."""

    __slots__ = ("_answer", "_depth", "uses")

    def __init__(self, answer: Callable[[Question, Depth], object], depth: Depth) -> None:
        self._answer = answer
        self._depth = depth
        self.uses: dict[Question, object] = {}

    def _ask(self, *question: str) -> object:
        if question in self.uses:
            return self.uses[question]
        answer = self.uses[question] = self._answer(question, self._depth)
        return answer

    def name(self, name: str) -> Value | None:
        """See `Surroundings`."""
        return cast("Value | None", self._ask("name", name))

    def member(self, owner: str, name: str) -> Value | None:
        """See `Surroundings`."""
        return cast("Value | None", self._ask("member", owner, name))

    def bases(self, owner: str) -> tuple[str, ...]:
        """See `Surroundings`."""
        return cast("tuple[str, ...]", self._ask("bases", owner))

    def summary(self, function: str) -> Summary | None:
        """See `Surroundings`."""
        return cast("Summary | None", self._ask("summary", function))

    def elsewhere(self, dotted: str) -> Value | None:
        """See `Surroundings`."""
        return cast("Value | None", self._ask("elsewhere", dotted))
