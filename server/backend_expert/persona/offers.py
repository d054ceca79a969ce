"""Offers: the expert's tasks as entries of the light bulb."""

from collections.abc import Callable

import msgspec

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
    found: list[Action] = []
    for one in fitting(snapshot, uri, span):
        task = one.task
        if not wanted(task.kind, kinds):
            continue
        title = f"Ask backend expert: {task.title[0].lower()}{task.title[1:]}"
        argument = {"uri": uri, "task": task.id, "span": [one.about.start, one.about.end]}
        command = Command(title, "backendExpert.ask", (argument,))
        action = Action(f"ask {task.id}", title, task.kind, command=command, rules=one.rules)
        found.append(msgspec.structs.replace(action, by_model=True))
    return found + _sources(uri, span, kinds)


class Fitting(msgspec.Struct, frozen=True):
    """A task that fits a place: what it is about there, and the rules that it mends."""

    task: Task
    about: Span
    rules: tuple[str, ...] = ()


def fitting(snapshot: Snapshot, uri: str, span: Span) -> list[Fitting]:
    """The tasks that fit a place; none in a document that is not checked."""
    checked = checked_uri(snapshot, uri)
    if checked is None or checked.document.skipped or checked.document.reader is None:
        return []
    found = (_fitting(task, checked, span) for task in tasks().values())
    return [one for one in found if one is not None]


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


def _fitting(task: Task, checked: Checked, span: Span) -> Fitting | None:
    """A task at `span`; None where it does not fit."""
    place = Place(checked, span)
    if task.offered_on != "finding":
        return Fitting(task, span) if _FITS[task.offered_on](place) else None
    problems = place.problems()
    if not problems:
        return None
    problem, where = problems[0]
    return Fitting(task, where, (problem.rule.id,)) if task.mends else Fitting(task, span)


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
