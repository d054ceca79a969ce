"""Offers: the expert's tasks as entries of the light bulb."""

from backend_expert.ide.desk import checked_uri
from backend_expert.ide.kinds import wanted
from backend_expert.ide.types import Action, Command
from backend_expert.ide.views import placed_queries
from backend_expert.lint.checked import Checked
from backend_expert.persona.task import Task, tasks
from backend_expert.text.span import Span
from backend_expert.workspace.documents import Snapshot

SOURCE = "source.backendExpert"


def offers(snapshot: Snapshot, uri: str, span: Span, kinds: tuple[str, ...]) -> list[Action]:
    """“Ask backend expert: …” for each task that fits the place, of the kinds asked for."""
    checked = checked_uri(snapshot, uri)
    if checked is None or checked.document.skipped or checked.document.reader is None:
        return []
    found: list[Action] = []
    for task in fitting(snapshot, uri, span):
        if not wanted(task.kind, kinds):
            continue
        title = f"Ask backend expert: {task.title[0].lower()}{task.title[1:]}"
        argument = {"uri": uri, "task": task.id, "span": [span.start, span.end]}
        command = Command(title, "backendExpert.ask", (argument,))
        found.append(Action(f"ask {task.id}", title, task.kind, command=command, by_model=True))
    return found + _sources(uri, span, kinds)


def fitting(snapshot: Snapshot, uri: str, span: Span) -> list[Task]:
    """The tasks that fit a place; none in a document that is not checked."""
    checked = checked_uri(snapshot, uri)
    if checked is None or checked.document.skipped or checked.document.reader is None:
        return []
    return [task for task in tasks().values() if _fits(task, checked, span)]


def _sources(uri: str, span: Span, kinds: tuple[str, ...]) -> list[Action]:
    """What would be sent, and what was: only where source actions are asked for by name."""
    if not kinds or not any(kind.startswith("source") for kind in kinds):
        return []
    place = {"uri": uri, "task": "explain", "span": [span.start, span.end]}
    shown = (
        ("wouldSend", "Show what would be sent to the model", "showWouldSend", (place,)),
        ("sent", "Show what was sent to the model", "showSent", ()),
    )
    return [
        Action(name, title, kind, command=Command(title, f"backendExpert.{command}", arguments))
        for name, title, command, arguments in shown
        if wanted(kind := f"{SOURCE}.{name}", kinds)
    ]


def _fits(task: Task, checked: Checked, span: Span) -> bool:
    """Whether there is at `span` what the task is offered on."""
    if task.offered_on == "finding":
        return any(place.overlaps(span) for _, place in checked.all())
    if task.offered_on == "query":
        return any(query.span.overlaps(span) for query in placed_queries(checked))
    return True
