"""An expert at hand: sources as open documents, and what is asked and answered about them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from backend_expert.ide.types import Proposal, Question, Said
from backend_expert.persona import task, unaided
from backend_expert.persona.brief import Brief
from backend_expert.persona.events import Event
from backend_expert.persona.expert import Expert
from backend_expert.persona.place import Place, place_of
from backend_expert.text.edit import apply
from backend_expert.text.span import Span
from backend_expert.workspace.document import Document
from backend_expert.workspace.documents import Documents, Snapshot

# The rules that are on, so that new ones change no answer that a test spells out.
RULES = (
    "errors/http-call-no-timeout",
    "security/sql-injection",
    "quality/naive-datetime",
    "consistency/publish-before-commit",
    "scalability/page-size-unbounded",
)
SHOP = Path(__file__).resolve().parents[2] / "examples" / "shop"


class Answered(NamedTuple):
    """What came back: the text, and the file's text after each proposed edit."""

    text: str
    proposals: list[Proposal]
    after: list[str]


class Desk:
    """One open file."""

    def __init__(
        self, source: str, name: str, root: Path | None = None, select: tuple[str, ...] = RULES
    ) -> None:
        path = str((root or Path("/work")) / name)
        self.document = Document.open(Path(path).as_uri(), source, path=path, version=3)
        self.documents = Documents()
        if select:
            self.documents.set_settings({"select": list(select)})
        if root is not None:
            self.documents.set_roots((str(root),))
        self.documents.put(self.document)

    @property
    def snapshot(self) -> Snapshot:
        return self.documents.snapshot()

    def span(self, words: str = "") -> Span:
        """The span of the only place where some words stand; all of the file when there are none."""
        if not words:
            return Span(0, self.document.end_of_file)
        assert self.document.text.count(words) == 1, words
        start = self.document.text.index(words)
        return Span(start, start + len(words))

    def place(self, words: str = "") -> Place:
        found = place_of(self.snapshot, self.document.uri, self.span(words))
        assert found is not None
        return found

    async def ask(self, task: str, words: str = "", question: str = "") -> Answered:
        """The whole answer of the expert."""
        asked = Question(task, self.document.uri, self.span(words), question)
        expert = Expert.of_session({}, lambda words: None)
        text, proposals, after = "", [], []
        async for part in expert.answer(expert.begin(self.snapshot, asked)):
            if isinstance(part, Said):
                assert not proposals, "nothing is said after an edit was proposed"
                text += part.text
            else:
                proposals.append(part)
                assert [(e.uri, e.version) for e in part.edits] == [(self.document.uri, 3)]
                after.append(apply(self.document.text, part.edits[0].edits))
        return Answered(text, proposals, after)


def shop(name: str, select: tuple[str, ...] = RULES) -> Desk:
    """A file of the example shop, in its project."""
    return Desk((SHOP / name).read_text("utf-8"), name, SHOP, select)


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts a model in the offline expert's place that answers with the given events."""

    class Fixed:
        name = "fixed"

        def __init__(self, events: tuple[Event, ...]) -> None:
            self.events = events

        async def stream(self, brief: Brief):
            for event in self.events:
                yield event

    def set_up(*events: Event) -> None:
        monkeypatch.setattr(unaided, "Offline", lambda why, **more: Fixed(events))

    return set_up


@pytest.fixture
def task_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of tasks of one's own."""
    monkeypatch.setattr(task, "FOLDER", tmp_path)
    task.tasks.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    task.tasks.cache_clear()
