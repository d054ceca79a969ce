"""Offers: the expert's tasks as entries of the light bulb."""

from collections.abc import Callable

from backend_expert.ide.desk import checked_uri
from backend_expert.ide.kinds import wanted
from backend_expert.ide.types import Action, Command
from backend_expert.lint.checked import Checked
from backend_expert.lint.ddl import migration_of
from backend_expert.persona.place import Place
from backend_expert.persona.remote import leaves
from backend_expert.persona.task import OfferedOn, Task, tasks
from backend_expert.text.span import Span
from backend_expert.workspace.documents import Snapshot

SOURCE = "source.backendExpert"


def offers(snapshot: Snapshot, uri: str, span: Span, kinds: tuple[str, ...]) -> list[Action]:
    """“Ask backend expert: …” for each task that fits the place, of the kinds asked for."""
    checked = checked_uri(snapshot, uri)
    if checked is None or checked.document.skipped or checked.document.reader is None:
        return []
    found: list[Action] = []
    for task in tasks().values():
        if not wanted(task.kind, kinds):
            continue
        fitting = _fits(task, checked, span)
        if fitting is None:
            continue
        about, rules = fitting
        title = f"Ask backend expert: {task.title[0].lower()}{task.title[1:]}"
        argument = {"uri": uri, "task": task.id, "span": [about.start, about.end]}
        command = Command(title, "backendExpert.ask", (argument,))
        found.append(
            Action(f"ask {task.id}", title, task.kind, command=command, rules=rules, by_model=True)
        )
    return found + _sources(uri, span, kinds)


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


def _fits(task: Task, checked: Checked, span: Span) -> tuple[Span, tuple[str, ...]] | None:
    """What a task is about at `span`, and the rules that it mends; None: it does not fit."""
    if task.offered_on == "finding":
        problems = Place(checked, span).problems()
        if not problems:
            return None
        problem, place = problems[0]
        return (place, (problem.rule.id,)) if task.mends else (span, ())
    return (span, ()) if _FITS[task.offered_on](Place(checked, span)) else None


def _has_text(place: Place) -> bool:
    return any(piece.text.strip() for piece in place.checked.document.pieces)


def _is_migration(place: Place) -> bool:
    return place.checked.file.is_migration and migration_of(place.checked.file) is not None


_FITS: dict[OfferedOn, Callable[[Place], bool]] = {
    "selection": _has_text,
    "function": lambda place: bool(place.functions() or place.endpoints()),
    "query": lambda place: any(not query.query.is_schema for query in place.queries()),
    "remote": leaves,
    "migration": _is_migration,
    "words": lambda place: False,
}
