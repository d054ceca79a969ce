"""Offers: the expert's tasks as entries of the light bulb."""

from backend_expert.ide.desk import checked_uri
from backend_expert.ide.kinds import wanted
from backend_expert.ide.types import Action, Command
from backend_expert.ide.views import placed_queries
from backend_expert.lint.checked import Checked
from backend_expert.persona.task import Task, tasks
from backend_expert.text.span import Span
from backend_expert.workspace.documents import Snapshot


def offers(snapshot: Snapshot, uri: str, span: Span, kinds: tuple[str, ...]) -> list[Action]:
    """“Ask backend expert: …” for each task that fits the place, of the kinds asked for."""
    checked = checked_uri(snapshot, uri)
    if checked is None or checked.document.skipped or checked.document.reader is None:
        return []
    found: list[Action] = []
    for task in tasks().values():
        if not wanted(task.kind, kinds) or not _fits(task, checked, span):
            continue
        title = f"Ask backend expert: {task.title[0].lower()}{task.title[1:]}"
        argument = {"uri": uri, "task": task.id, "span": [span.start, span.end]}
        command = Command(title, "backendExpert.ask", (argument,))
        found.append(Action(f"ask {task.id}", title, task.kind, command=command, by_model=True))
    return found


def _fits(task: Task, checked: Checked, span: Span) -> bool:
    """Whether there is at `span` what the task is offered on."""
    if task.offered_on == "finding":
        return any(place.overlaps(span) for _, place in checked.all())
    if task.offered_on == "query":
        return any(query.span.overlaps(span) for query in placed_queries(checked))
    return True
